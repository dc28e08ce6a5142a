import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Kind, parse, print, visit } from 'graphql';
import compiler from 'relay-compiler';
import relay from 'relay-runtime';

import { ask, finish, task } from './asking.mjs';

const { Environment, Network, RecordSource, Store, createOperationDescriptor, fetchQuery } = relay;
const generated = join(task.folder, 'generated');

/** Relay names operations after files, and hides what fragments select from all but their own. */
function asRelayHasIt(text, name) {
  const { definitions } = parse(text);
  const fragments = new Map(
    definitions
      .filter((each) => each.kind === Kind.FRAGMENT_DEFINITION)
      .map((each) => [each.name.value, each]),
  );
  const spreadOut = (node) =>
    visit(node, {
      FragmentSpread: ({ name }) => {
        const { typeCondition, selectionSet } = fragments.get(name.value);
        return spreadOut({ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet });
      },
    });
  const operation = definitions.find((each) => each.kind === Kind.OPERATION_DEFINITION);
  return print(spreadOut({ ...operation, name: { kind: Kind.NAME, value: name } }));
}

const texts = new Map(task.operations.map(({ text }) => [text, '']));
mkdirSync(join(task.folder, 'src'));
mkdirSync(generated);
for (const [number, text] of [...texts.keys()].entries()) {
  const name = `operation${number}Query`;
  texts.set(text, name);
  const source = `graphql\`${asRelayHasIt(text, name)}\`;\n`;
  writeFileSync(join(task.folder, 'src', `operation${number}.js`), source);
}
writeFileSync(
  join(task.folder, 'relay.config.json'),
  JSON.stringify({
    src: './src',
    schema: './schema.graphql',
    artifactDirectory: './generated',
    language: 'javascript',
    eagerEsModules: true,
  }),
);
writeFileSync(join(task.folder, 'schema.graphql'), task.schema);
writeFileSync(join(task.folder, 'package.json'), '{"type": "module"}');
execFileSync(compiler, ['relay.config.json'], { cwd: task.folder, stdio: 'pipe' });

const environment = new Environment({
  network: Network.create(({ text }, variables) => ask({ query: text, variables })),
  store: new Store(new RecordSource()),
});
const operations = [];
for (const { name, text, variables } of task.operations) {
  const { default: query } = await import(join(generated, `${texts.get(text)}.graphql.js`));
  const descriptor = createOperationDescriptor(query, variables);
  environment.retain(descriptor);
  operations.push({ name, query, variables, descriptor });
}
const shown = {};

for (const { name, query, variables } of operations) {
  shown[name] = { asked: await fetchQuery(environment, query, variables).toPromise() };
}
for (const { name, descriptor } of operations) {
  const { data, isMissingData } = environment.lookup(descriptor.fragment);
  shown[name].kept = isMissingData ? null : data;
}

finish(shown);
