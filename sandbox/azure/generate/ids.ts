/** The tenant of every generated estate. */
export const TENANT_ID = '7e57a2e0-0000-4000-8000-000000000001';

/** The guid of the n-th subscription; the first four are named in `subscriptionIds`. */
export function subscriptionId(index: number): string {
  return `5ab5c000-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

/** The subscriptions that every generated estate has. */
export const subscriptionIds = {
  images: subscriptionId(0),
  payments: subscriptionId(1),
  checkout: subscriptionId(2),
  data: subscriptionId(3),
};

/** The id of a Compute resource; `path` is `virtualMachines/pay-web-01` and the like. */
export function computeId(subscription: string, resourceGroup: string, path: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.Compute/${path}`;
}

const gallery = computeId(subscriptionIds.images, 'rg-images', 'galleries/corp');

/** The galleries of every generated estate: `corp` is approved, `lab` is not. */
export const galleryIds = {
  corp: gallery,
  lab: computeId(subscriptionIds.data, 'rg-lab', 'galleries/lab'),
};

/** The id of an image definition in `corp`, or of one of its versions. */
export function corpImage(definition: string, version?: string): string {
  return `${gallery}/images/${definition}${version === undefined ? '' : `/versions/${version}`}`;
}

/** A managed image beside the gallery. */
export function managedImage(name: string): string {
  return computeId(subscriptionIds.images, 'rg-images', `images/${name}`);
}

/** A guid made of two numbers, for ids nobody chooses. */
export function guid(group: number, index: number): string {
  return `${(group >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-${index.toString(16).padStart(12, '0')}`;
}

const DAY_MS = 86_400_000;

/** Dates of an estate, relative to its `now`. */
export interface Calendar {
  /** `days` ago (or ahead, if negative), as Azure writes it: seven fractional digits and an offset. */
  ago(days: number): string;
}

/** The calendar of an estate generated at `now`. */
export function calendarOf(now: Date): Calendar {
  return {
    ago: (days) => new Date(now.getTime() - days * DAY_MS).toISOString().replace(/\.(\d{3})Z$/, '.$11234+00:00'),
  };
}
