import { matchesGlob } from './glob.ts';
import type { Kind } from './machine.ts';

/** Which machines are a team's: those that any of these names. */
export interface TeamMatch {
  /** Tag name to value, both compared without regard to case and surrounding space. */
  readonly tags: Readonly<Record<string, string>>;
  /** Subscription guids. */
  readonly subscriptions: readonly string[];
  /** Globs over resource group names. */
  readonly resourceGroups: readonly string[];
}

/** When a team's weekly digest is due, in the team's own time zone. */
export interface DigestTime {
  readonly day: 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
  /** `HH:MM`, 24 hours. */
  readonly time: string;
  /** IANA name. */
  readonly timezone: string;
}

/** A team's digest: when, and what happens when it is late or nothing moves. */
export interface TeamDigest extends DigestTime {
  /** Hours for which a digest that was missed is still sent. */
  readonly catchUpHours: number;
  /** After so many weeks without progress the approvers are mentioned. */
  readonly escalateAfterWeeks: number;
}

export interface Approvers {
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  /** How many distinct people have to approve. */
  readonly required: number;
}

export interface Team {
  readonly name: string;
  readonly match: TeamMatch;
  /** Slack channel id. */
  readonly channel: string | undefined;
  /** What the team's machines are unless a tag or a scale set says otherwise. */
  readonly kind: Kind;
  readonly wiki: string | undefined;
  readonly approvers: Approvers;
  readonly digest: TeamDigest | undefined;
}

/** The platform's own people: they read what no single team can mend. */
export interface Platform {
  /** Slack channel id. */
  readonly channel: string | undefined;
  readonly digest: TeamDigest;
}

/** Tags as Azure sends them: an object of strings, or null. */
export type Tags = Readonly<Record<string, unknown>> | null | undefined;

/** What a machine's owner is decided on. */
export interface Ownership {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** Nearest first: the machine's own, its resource group's, its subscription's. */
  readonly tags: readonly Tags[];
}

/** The teams a machine belongs to; a machine may match several. */
export function teamsOf(ownership: Ownership, teams: readonly Team[]): readonly Team[] {
  return teams.filter((team) => isOwnedBy(ownership, team.match));
}

/** Whether a machine is one of a team's: any of its tags, subscriptions or resource groups. */
export function isOwnedBy(ownership: Ownership, match: TeamMatch): boolean {
  const group = ownership.resourceGroup;
  return (
    match.subscriptions.some((id) => id.toLowerCase() === ownership.subscriptionId.toLowerCase()) ||
    match.resourceGroups.some((glob) => matchesGlob(glob, group)) ||
    Object.entries(match.tags).some(([name, value]) => effectiveTag(ownership.tags, name) === folded(value))
  );
}

/** A tag's value where it is set first: on the machine, else its resource group, else its subscription. Blank is not set. */
export function effectiveTag(levels: readonly Tags[], name: string): string | undefined {
  const wanted = folded(name);
  for (const tags of levels) {
    for (const [key, value] of Object.entries(tags ?? {})) {
      if (folded(key) === wanted && typeof value === 'string' && folded(value) !== '') return folded(value);
    }
  }
  return undefined;
}

/** The team of this name, without regard to case. */
export function findTeam(teams: readonly Team[], name: string): Team | undefined {
  return teams.find((team) => folded(team.name) === folded(name));
}

/** Text as tags compare: without case and surrounding space. */
export function folded(text: string): string {
  return text.trim().toLowerCase();
}
