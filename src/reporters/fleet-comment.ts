import type { CommentSection } from '../model/delivery.js';
import type { Fleet, MergedFleet } from '../model/fleet.js';
import { limits } from '../model/limits.js';
import { runLine, textHash, type Job } from './comment-parts.js';
import { block, codeUnits, fit } from './fit.js';
import { clusterBlock, headBlock, requirementBlock, unusableBlock } from './fleet-markdown.js';

/** Headings of a comment stand a level below those of a page. */
const level = 3;
const where = 'See the job summary.';

const whole = (fleet: Fleet, job: Job): string =>
  fit(
    [
      block(headBlock(fleet, level), 0, 'the verdict'),
      block(unusableBlock(fleet, level + 1), 1, 'the files of no use'),
      block(clusterBlock(fleet, level + 1), 2, 'the clusters'),
      block(requirementBlock(fleet, level + 1), 3, 'the requirements'),
      block(runLine(fleet.tool, job), 0, 'the run'),
    ],
    limits.commentFullCharacters,
    codeUnits,
    where,
  );

const medium = (fleet: Fleet, job: Job): string =>
  fit(
    [
      block(headBlock(fleet, level), 0, 'the verdict'),
      block(unusableBlock(fleet, level + 1), 1, 'the files of no use'),
      block(clusterBlock(fleet, level + 1), 2, 'the clusters'),
      block(runLine(fleet.tool, job), 0, 'the run'),
    ],
    limits.commentMediumCharacters,
    codeUnits,
    where,
  );

const small = (fleet: Fleet, job: Job): string =>
  fit(
    [block(headBlock(fleet, level), 0, 'the verdict'), block(runLine(fleet.tool, job), 1, 'the run')],
    limits.commentSmallCharacters,
    codeUnits,
  );

/** What counts as a change: verdict and the whole text, but neither the run, nor when the clusters were checked, nor their names. */
const fingerprintOf = (fleet: Fleet, commentKey: string): string => {
  const timeless = { ...fleet, clusters: fleet.clusters.map((cluster) => ({ ...cluster, checkedAt: '', ageHours: 0 })) };
  const names = fleet.clusters.map(({ name }) => name);
  return `${fleet.verdict}-${fleet.count.clusters}-${fleet.unusable.length}-${textHash(whole(timeless, { commentKey }), names)}`;
};

/** One section of the pull request comment about several clusters. */
export const fleetComment = ({ fleet }: MergedFleet, { commentKey, run }: Job): CommentSection => {
  const job = { commentKey, run };
  return { variants: [whole(fleet, job), medium(fleet, job), small(fleet, job)], fingerprint: fingerprintOf(fleet, commentKey) };
};
