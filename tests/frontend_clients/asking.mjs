// A client asks over standard output and is answered over standard input, a line each, so that the
// test can answer from content that it has not committed.
import { createInterface } from 'node:readline';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
let turn = Promise.resolve();

function write(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function read() {
  return JSON.parse((await lines.next()).value);
}

/** What the test wants done. */
export const task = await read();

/** Ask the API; one question at a time. */
export function ask(body) {
  const answer = turn.then(() => {
    write({ ask: body });
    return read();
  });
  turn = answer;
  return answer;
}

/** In the place of the browser's own. */
export async function fetch(address, { body }) {
  const answer = await ask(JSON.parse(body));
  return new Response(JSON.stringify(answer), {
    headers: { 'Content-Type': 'application/graphql-response+json' },
  });
}

/** What a client says to developers, which by default is lost. */
export const said = [];
for (const level of ['warn', 'error']) {
  console[level] = (...words) => said.push(words.map(String).join(' '));
}

export function finish(shown) {
  process.stdout.write(`${JSON.stringify({ shown, said })}\n`, () => process.exit());
}
