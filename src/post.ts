import { post } from './action/post.js';

/** The action's post step. */
void post();
