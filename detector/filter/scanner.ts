/** The condition does not parse; `offset` is where. */
export class SyntaxProblem extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const BLANKS = /[ \t\b\r\n]+/y;

/** A cursor over the text of a condition. */
export class Scanner {
  readonly text: string;
  offset = 0;
  /** What was read last, for messages. */
  lastToken = '';
  depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  isAtEnd(): boolean {
    return this.offset >= this.text.length;
  }

  /** Skips blanks; true when there was one. */
  blanks(): boolean {
    return this.skip(BLANKS) !== undefined;
  }

  /** Reads the given text if it stands here. */
  take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.offset)) return false;
    this.offset += literal.length;
    this.lastToken = literal;
    return true;
  }

  /** Reads what a sticky expression matches here. */
  match(expression: RegExp): string | undefined {
    const token = this.skip(expression);
    if (token !== undefined) this.lastToken = token;
    return token;
  }

  /** True when a sticky expression matches here; reads nothing. */
  sees(expression: RegExp): boolean {
    expression.lastIndex = this.offset;
    return expression.test(this.text);
  }

  fail(message: string): never {
    throw new SyntaxProblem(message, this.offset);
  }

  private skip(expression: RegExp): string | undefined {
    expression.lastIndex = this.offset;
    const token = expression.exec(this.text)?.[0];
    if (token !== undefined) this.offset += token.length;
    return token;
  }
}
