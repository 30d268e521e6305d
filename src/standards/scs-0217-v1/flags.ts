import { apiServerFlagz } from '../../facts/api-server-flagz.js';
import { apiServerPods } from '../../facts/control-plane-pods.js';
import { unrelated } from '../../model/outcome.js';
import { read, type Rung } from '../../model/requirement.js';
import { everyServer, flagsOfApiServers, flagsOfFlagz, type Finding, type ServerFlags } from '../support/control-plane-flags.js';

/**
 * The items of a list flag, as a command line (`a,b`) and as `/flagz` (`[a,b]`) writes it; none where it is unset.
 * @returns undefined where it cannot be told whether the flag is set
 */
export const itemsOf = (server: ServerFlags, name: string): readonly string[] | undefined => {
  const value = server.flags[name];
  if (value === undefined) return server.absentIsDefault ? [] : undefined;
  return value
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
};

/**
 * Of several API servers one alone has answered, and what it does says nothing of the others: the flags of one of them are enough to break it.
 * @param names of the flags that decide, for the evidence
 */
export const byOthers = (names: readonly string[], find: (server: ServerFlags) => Finding): Rung =>
  read({ apiServerPods }, (facts) => {
    const servers = flagsOfApiServers(facts.apiServerPods);
    if ('outcome' in servers || servers.filter(({ hidden }) => hidden === undefined).length < 2)
      return unrelated('no further API server shows its flags');
    const answer = everyServer(servers, names, '', find);
    return answer.outcome === 'fail' ? answer : unrelated('no flag of an API server breaks it');
  });

/**
 * The two rungs that read the API server's flags: its pods, all of which must agree, then `/flagz` of the one that answered.
 * @param names of the flags that decide, for the evidence
 * @param met what is said where they meet the requirement
 */
export const byFlags = (names: readonly string[], met: string, find: (server: ServerFlags) => Finding): readonly Rung[] => [
  read({ apiServerPods }, (facts) => everyServer(flagsOfApiServers(facts.apiServerPods), names, met, find)),
  read({ apiServerFlagz }, (facts) => everyServer([flagsOfFlagz(facts.apiServerFlagz)], names, met, find)),
];
