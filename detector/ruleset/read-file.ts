import { isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node, type YAMLMap } from 'yaml';
import { guarded, type Diagnostics } from './diagnostics.ts';
import type { Item } from './items.ts';
import { readMacroOrList } from './read-macro.ts';
import { readRule } from './read-rule.ts';
import { sourceFile, type SourceFile } from './source-file.ts';
import type { RulesFile } from './types.ts';
import { parseVersion } from './version.ts';
import {
  isNull,
  itemReader,
  locateNode,
  readerList,
  resolved,
  validation,
  type ItemReader,
  type YamlContext,
} from './yaml-node.ts';

/** Reads a rules file: what its items say, in their order. Problems go to the diagnostics; an item that has one is left out. */
export function readFile({ name, content }: RulesFile, diagnostics: Diagnostics): readonly Item[] {
  const file = sourceFile(name, content);
  return documentsOf(file).flatMap((document) => readDocument(file, document, diagnostics));
}

/** Scalars stay texts: what a text means is for its key to say. */
function documentsOf(file: SourceFile): readonly Document[] {
  const documents = parseAllDocuments(file.text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  return Array.isArray(documents) ? (documents as Document[]) : [];
}

function readDocument(file: SourceFile, document: Document, diagnostics: Diagnostics): readonly Item[] {
  const [problem] = document.errors;
  if (problem !== undefined) {
    const [reason = ''] = problem.message.split('\n');
    diagnostics.error('LOAD_ERR_YAML_PARSE', reason, { file, offset: problem.pos[0] });
    return [];
  }
  const { contents } = document;
  const context: YamlContext = { file, document, diagnostics };
  const node = resolved(context, contents);
  if (node === undefined || isNull(node)) return [];
  return (
    guarded(diagnostics, () => itemNodes(context, node))?.flatMap((item) => readNode(context, item, diagnostics)) ?? []
  );
}

function itemNodes(context: YamlContext, node: Node): readonly Node[] {
  const at = locateNode(context, node);
  if (isScalar(node)) throw validation('Rules content is not yaml', at);
  if (!isSeq(node)) throw validation('Rules content is not yaml array of objects', at);
  return node.items.flatMap((entry) => {
    const item = resolved(context, entry);
    return item === undefined || isNull(item) ? [] : [item];
  });
}

function readNode(context: YamlContext, node: Node, diagnostics: Diagnostics): readonly Item[] {
  return (
    guarded(diagnostics, () => {
      if (!isMap(node)) {
        throw validation(
          'Unexpected element type. Each element should be a yaml associative array.',
          locateNode(context, node),
        );
      }
      return readItem(context, node, diagnostics);
    }) ?? []
  );
}

function readItem(context: YamlContext, map: YAMLMap, diagnostics: Diagnostics): readonly Item[] {
  const reader = itemReader(context, map);
  if (reader.has('required_engine_version')) return [readEngineVersion(reader)];
  if (reader.has('required_plugin_versions')) return readPluginVersions(context, reader);
  if (reader.has('list') || reader.has('macro')) return [readMacroOrList(reader, diagnostics)];
  if (reader.has('rule')) return readRule(context, reader, diagnostics);
  diagnostics.warning('LOAD_UNKNOWN_ITEM', 'Unknown top level item', reader.at);
  return [];
}

function readEngineVersion(reader: ItemReader): Item {
  const { text } = reader.text('required_engine_version');
  const version = /^\d+$/.test(text) ? `0.${text}.0` : text;
  if (parseVersion(version) === undefined) {
    throw validation(
      `Unable to parse engine version '${text}' as a semver string. Expected "x.y.z" semver format.`,
      reader.at,
    );
  }
  return { kind: 'engineVersion', version, at: reader.at };
}

function readPluginVersions(context: YamlContext, reader: ItemReader): readonly Item[] {
  const at = reader.placeOf('required_plugin_versions');
  const node = reader.node('required_plugin_versions');
  if (!isSeq(node)) throw validation('Value of required_plugin_versions must be a sequence', at);
  return readerList(context, node, 'Plugin version must be a mapping').map((plugin) => {
    const others = plugin.node('alternatives');
    if (plugin.has('alternatives') && !isSeq(others)) {
      throw validation('Value of plugin version alternatives must be a sequence', plugin.at);
    }
    const alternatives = isSeq(others)
      ? readerList(context, others, 'Plugin version alternative must be a mapping')
      : [];
    return { kind: 'pluginVersion', alternatives: [plugin, ...alternatives].map(readVersion), at: plugin.at };
  });
}

function readVersion(reader: ItemReader): { readonly name: string; readonly version: string } {
  return { name: reader.text('name').text, version: reader.text('version').text };
}
