/** Questions to a person. Nobody is asked when Io.canPrompt is false. */
export interface Prompter {
  confirm(question: string): Promise<boolean>;
  select<T extends string>(
    question: string,
    choices: readonly { readonly name: string; readonly value: T }[],
  ): Promise<T>;
  input(question: string): Promise<string>;
}

/** inquirer, loaded at the first question; questions go to stderr, so that stdout stays the result. */
export const inquirerPrompter: Prompter = {
  confirm: (message) => ask<boolean>({ type: 'confirm', message, default: true }),
  select: async <T extends string>(message: string, choices: readonly { readonly name: string; readonly value: T }[]) =>
    ask<T>({ type: 'select', message, choices: [...choices], pageSize: 15 }),
  input: async (message) => ask<string>({ type: 'input', message }),
};

async function ask<T>(question: object): Promise<T> {
  const { default: inquirer } = await import('inquirer');
  const prompt = inquirer.createPromptModule({ output: process.stderr });
  const answers = await prompt([{ name: 'answer', ...question }] as unknown as Parameters<typeof prompt>[0]);
  return (answers as { readonly answer: T }).answer;
}
