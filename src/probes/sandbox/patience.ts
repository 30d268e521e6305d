import type { PodProblem, PodState } from './pods.js';

/** Why a pod of ours will not run. */
export interface Trouble extends Pick<PodProblem, 'what' | 'detail' | 'why'> {
  /** The node that it was given to; `''` where there was none. */
  readonly node: string;
  /** True where another image would help. */
  readonly image: boolean;
}

/**
 * A passing fault of the network fails one pull. The kubelet tries again after ten seconds at the earliest
 * (https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff): a second failure is an answer.
 */
const enoughPulls = 2;
/**
 * Behind a firewall that drops, a pull takes half a minute to fail, and the second one comes late: from this moment on, in milliseconds after the pod
 * was given to its node, the first failure is an answer.
 */
const onePullMs = 45_000;
/**
 * Only a first failure that came later than this, in milliseconds, took long. After one that came sooner the second pull would have failed as well
 * before `onePullMs`, back-off included: what is under way then is another pull, which may come to its end.
 */
const slowPullMs = 15_000;
/** Pulls of two pods that fail at one moment may be one fault: later ones are another try, as a kubelet's own would be. */
const anotherTryMs = 10_000;

interface Watched {
  /** Pulls that are known to have failed. */
  readonly pulls: number;
  readonly now?: 'failed' | 'waiting' | undefined;
  /** What the kubelet said of the last failed pull; while it waits it only says so. */
  readonly failed?: PodProblem | undefined;
  /** When the pod was first seen on a node, and when the first of its pulls was seen to have failed, in milliseconds on the caller's clock. */
  readonly placedAt?: number | undefined;
  readonly failedAt?: number | undefined;
  /** When the problem that lasts began, in milliseconds on the caller's clock; undefined while there is none that is borne by time. */
  readonly since?: number | undefined;
}
const unwatched: Watched = { pulls: 0 };

/**
 * What one more look at a pod shows. The state stays while a pull is under way, so a long one counts once: a pull has failed where the state came to be
 * `failed`, or where it says something else than before; or where the kubelet is found waiting and no failure was seen.
 */
const noteLook = (before: Watched, { problem, node }: PodState, now: number): Watched => {
  const rest = { ...before, placedAt: before.placedAt ?? (node === '' ? undefined : now), since: undefined, now: undefined };
  const failedAt = before.failedAt ?? now;
  switch (problem?.image) {
    case 'failed': {
      const isNew = before.now !== 'failed' || before.failed?.why !== problem.why;
      return { ...rest, now: 'failed', pulls: before.pulls + (isNew ? 1 : 0), failed: problem, failedAt };
    }
    case 'waiting':
      return { ...rest, now: 'waiting', pulls: Math.max(1, before.pulls), failedAt };
    case 'unusable':
    case undefined:
      return problem === undefined ? rest : { ...rest, since: before.since ?? now };
  }
};

/** Whether the one pull that has failed took long, and no second one can be waited for. */
const isSlowFailure = ({ placedAt, failedAt }: Watched, now: number): boolean =>
  placedAt !== undefined && failedAt !== undefined && failedAt - placedAt > slowPullMs && now - placedAt >= onePullMs;

/** Tells when a pod has been in trouble for longer, or more often, than may be borne. One for all pods that are looked at again and again. */
export class PodPatience {
  readonly #pods = new Map<string, Watched>();
  /** When the first pull on each node failed: a kubelet pulls one image after the other, so that a pod's own second try may come late. */
  readonly #firstFailures = new Map<string, number>();
  /** Pulls of several pods have failed that are an answer for all. */
  #enough = false;
  /** Some pod has run: its node at least can pull the image, and one failure elsewhere may be a passing one. */
  #ran = false;

  /**
   * Takes in how a pod is.
   * @param now in milliseconds, on a clock that never goes back
   * @returns why it will not run; undefined while it may
   */
  look(pod: PodState, now: number): Trouble | undefined {
    const key = `${pod.namespace}/${pod.name}`;
    const { problem } = pod;
    const before = this.#pods.get(key) ?? unwatched;
    const watched = noteLook(before, pod, now);
    this.#pods.set(key, watched);
    if (problem === undefined) {
      if (pod.running) this.pulled();
      return undefined;
    }
    const lasted = watched.since !== undefined && now - watched.since >= problem.bearableMs;
    if (watched.pulls > before.pulls && this.#failedBefore(pod.node, now)) this.#enough = true;
    const refused =
      watched.now !== undefined && (watched.pulls >= enoughPulls || this.#enough || (!this.#ran && isSlowFailure(watched, now)));
    return lasted || refused ? this.troubleOf(pod) : undefined;
  }

  /** A pod runs: the image can be pulled after all, and what failed before counts no more. */
  pulled(): void {
    this.#firstFailures.clear();
    this.#enough = false;
    this.#ran = true;
  }

  /** Whether another pull has failed already: on another node, or on this one some time ago. All pods have the same image. */
  #failedBefore(node: string, now: number): boolean {
    const first = this.#firstFailures.get(node);
    if (first === undefined) this.#firstFailures.set(node, now);
    if (node === '') return false;
    return this.#firstFailures.size > 1 || (first !== undefined && now - first >= anotherTryMs);
  }

  /** What is wrong with a pod, whether it is borne yet or not; undefined where nothing is. */
  troubleOf({ namespace, name, node, problem }: PodState): Trouble | undefined {
    if (problem === undefined) return undefined;
    const { failed } = this.#pods.get(`${namespace}/${name}`) ?? unwatched;
    const { what, detail, why, image } = problem.image === 'waiting' && failed !== undefined ? failed : problem;
    return { what, detail, why, node, image: image !== undefined };
  }
}

/** A trouble with the node that it is on, for a sentence. */
export const formatTrouble = ({ what, detail, why, node }: Trouble): string => (node === '' ? why : `${what} on node ${node}${detail}`);
