import type { ImageReference } from './image-reference.ts';

/** Pet: stateful and precious. Cattle: one of many alike, rebuilt without regret. */
export type Kind = 'pet' | 'cattle';

/** Why a machine belongs to a platform service rather than to a team: nobody but that service may rebuild it. */
export type PlatformOwner = 'managedBy' | 'aks' | 'databricks';

/** What the compliance of a machine (or of a scale set's model) is decided on. */
export interface Subject {
  readonly image: ImageReference;
  /** Normalised; undefined where Azure did not say. */
  readonly region: string | undefined;
  readonly platform: PlatformOwner | undefined;
}

/** VMs (flexible scale-set members among them), instances of uniform sets, and the sets' own models. */
export type MachineType = 'virtualMachine' | 'scaleSetInstance' | 'scaleSet';

/** What of a machine an image has to fit. Undefined: Azure did not say, so it restricts nothing. */
export interface Fit {
  readonly osType: string | undefined;
  readonly generation: string | undefined;
  readonly architecture: string | undefined;
  readonly securityType: string | undefined;
}

/** A machine as Resource Graph describes it. Names, tags and ids are Azure's own text: hostile until escaped. */
export interface Machine extends Subject, Fit {
  readonly id: string;
  readonly name: string;
  readonly type: MachineType;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** The scale set it belongs to, uniform or flexible. */
  readonly scaleSetId: string | undefined;
  /** `running`, `deallocated`, `stopped` ..., as Azure's PowerState code says. */
  readonly powerState: string | undefined;
  /** The `golden-kind` tag, trimmed and lower-case. */
  readonly kindTag: string | undefined;
  readonly managedBy: string | undefined;
  /** When Azure created it, ISO 8601 as Azure sent it. */
  readonly createdAt: string | undefined;
  readonly exemptionIndex: number | undefined;
}

/** Machines that share everything their verdict depends on, counted by Azure. */
export interface MachineGroup extends Subject {
  /** What the verdict depends on, as the query spells it; rows of these machines carry the same key. */
  readonly key: string;
  readonly type: MachineType;
  readonly count: number;
  readonly kindTag: string | undefined;
  readonly inScaleSet: boolean;
  readonly powerState: string | undefined;
  readonly exemptionIndex: number | undefined;
}

/** Pet or cattle: the tag wins, then scale-set membership, then the team's default. */
export function kindOf(machine: { kindTag: string | undefined; inScaleSet: boolean }, teamDefault: Kind): Kind {
  if (machine.kindTag === 'pet' || machine.kindTag === 'cattle') return machine.kindTag;
  return machine.inScaleSet ? 'cattle' : teamDefault;
}

/** Whether a machine is a member or an instance of a scale set, or the set itself. */
export function isInScaleSet(machine: Pick<Machine, 'type' | 'scaleSetId'>): boolean {
  return machine.type !== 'virtualMachine' || machine.scaleSetId !== undefined;
}

/**
 * The CPU architecture a VM size implies: Azure marks Arm sizes by a `p` among the additive letters after the number of
 * vCPUs (`Standard_D4ps_v5`). Undefined for a text that is not a size.
 */
export function architectureOfSize(vmSize: string): 'x64' | 'Arm64' | undefined {
  if (!/^(?:standard|basic)_[a-z]+\d+(?:-\d+)?[a-z]*(?:_|$)/i.test(vmSize)) return undefined;
  return /^[a-z]+_[a-z]+\d+(?:-\d+)?[a-oq-z]*p/i.test(vmSize) ? 'Arm64' : 'x64';
}
