/**
 * Limits of the platforms and of our own deliveries, each with the page that states it.
 * Characters are UTF-16 code units, bytes are those of UTF-8.
 */
export const limits = {
  /** Per type (error, warning, notice) and step; the rest is dropped: https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations */
  annotationsPerType: 10,
  /** Characters of one annotation's message: https://github.com/actions/runner/blob/main/src/Runner.Worker/ExecutionContext.cs */
  annotationCharacters: 4_096,
  /** Characters of one title; the Checks API takes 255: https://docs.github.com/en/rest/checks/runs */
  annotationTitleCharacters: 255,
  /** Bytes of the job summary of one step: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits */
  summaryBytes: 1_048_576,
  /** Characters of a comment's body; more is answered by 422 "Body is too long": https://github.com/peter-evans/create-or-update-comment/issues/181 */
  commentCharacters: 65_536,
  /** Our own: two jobs fit into one comment with their whole sections. */
  commentFullCharacters: 30_000,
  /** Our own: what a section may take beside many others. */
  commentMediumCharacters: 8_000,
  /** Our own: forty jobs still fit into one comment. */
  commentSmallCharacters: 1_499,
  /** Our own: a text out of the cluster, as far as a report shows it. */
  shownCharacters: 2_000,
} as const;
