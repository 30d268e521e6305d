/** Results that cannot be used: the message says what is wrong with them, as the end of a sentence that names the file. */
export class BadResults extends Error {
  override readonly name = 'BadResults';
}

/** XML of another kind than a test report: what it says is about something else. */
export class NoReport extends BadResults {}
