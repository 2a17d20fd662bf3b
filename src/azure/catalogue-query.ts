import { anyOf, quote, tuple } from './kql.ts';

/**
 * One query for the approved galleries and for which subscriptions can be read at all: galleries, definitions and versions
 * of the given galleries, and the given subscriptions.
 */
export function catalogueQuery(galleries: readonly string[], subscriptions: readonly string[]): string {
  const images = [
    `resources | where type in~ ${tuple(['microsoft.compute/galleries', 'microsoft.compute/galleries/images', 'microsoft.compute/galleries/images/versions'])}`,
    `| where ${anyOf(galleries.flatMap((id) => [`id =~ ${quote(id)}`, `id startswith ${quote(`${id}/`)}`]))}`,
    `| project ${CATALOGUE_COLUMNS}`,
  ];
  const containers = [
    `resourcecontainers | where type =~ 'microsoft.resources/subscriptions'`,
    ...(subscriptions.length > 0 ? [`| where subscriptionId in~ ${tuple(subscriptions)}`] : []),
    '| project id, type, name, subscriptionId',
  ];
  if (galleries.length === 0) return [...containers, '| order by id asc'].join('\n');
  if (subscriptions.length === 0) return [...images, '| order by id asc'].join('\n');
  return [...images, `| union (${containers.join(' ')})`, '| order by id asc'].join('\n');
}

const CATALOGUE_COLUMNS = [
  'id',
  'type',
  'name',
  'subscriptionId',
  'uniqueName = tostring(properties.identifier.uniqueName)',
  'publicNames = properties.sharingProfile.communityGalleryInfo.publicNames',
  'osType = tostring(properties.osType)',
  'generation = tostring(properties.hyperVGeneration)',
  'architecture = tostring(properties.architecture)',
  'features = properties.features',
  // A definition carries its own date, a version carries it in its publishing profile.
  'endOfLife = iff(isnotempty(tostring(properties.endOfLifeDate)), tostring(properties.endOfLifeDate), tostring(properties.publishingProfile.endOfLifeDate))',
  'published = tostring(properties.publishingProfile.publishedDate)',
  'excludeFromLatest = tostring(properties.publishingProfile.excludeFromLatest)',
  'targetRegions = properties.publishingProfile.targetRegions',
  'provisioningState = tostring(properties.provisioningState)',
].join(', ');
