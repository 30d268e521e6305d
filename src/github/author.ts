import type { Forge } from './forge.js';

/** Who wrote a comment, as the API shows it. */
export interface Author {
  /** Absent on forges that do not say. */
  readonly authorId?: number | undefined;
  readonly login: string;
  /** `User` or `Bot`; `''` on forges that do not say. */
  readonly authorType: string;
}

/** Who a token is. */
export interface Identity {
  readonly id?: number | undefined;
  readonly login: string;
  /** A token of an app or of a job; those may not read `/user`. */
  readonly bot: boolean;
}

/**
 * Gitea and Forgejo write with a job's own token as a user that is in no table and has this id; a person may take the name that goes with it, or that
 * of the other forge: https://github.com/go-gitea/gitea/blob/main/models/user/user_system.go
 */
const giteaJobId = -2;
/** -1 stands for every deleted account, 0 for none. */
const isAccount = (id: number | undefined): id is number => id !== undefined && id !== 0 && id !== -1;

const bare = (login: string): string => login.toLowerCase().replace(/\[bot\]$/, '');

/** Whether a job's own token wrote a comment, where nobody tells who we are. */
const isJobs = (author: Author, forge: Forge): boolean =>
  forge === 'gitea' ? author.authorId === giteaJobId : author.authorType === 'Bot' && author.login === 'github-actions[bot]';

/**
 * Whether a comment is by our own author. Anyone can write our marker, and a name can be had by others: the number decides where both have one. Only
 * GitHub says of an author that it is a bot; there the suffix of its login differs between REST and GraphQL.
 */
export const isOurs = (author: Author, me: Identity | undefined, forge: Forge): boolean => {
  if (me === undefined) return isJobs(author, forge);
  if (isAccount(me.id) && author.authorId !== undefined) return author.authorId === me.id;
  if (forge === 'gitea') return false;
  return author.authorType === 'Bot'
    ? bare(author.login) === bare(me.login)
    : !me.bot && author.login.toLowerCase() === me.login.toLowerCase();
};

/** Whoever wrote what we just had written is who we are, whatever else the API tells. */
export const identityOf = ({ authorId, login, authorType }: Author): Identity => ({
  id: authorId,
  login,
  bot: authorType === 'Bot',
});
