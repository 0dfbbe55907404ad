/** What `detector.yaml` says in a new lab: the defaults, with a word on how to change them. */
export const INITIAL_CONFIG = `# The detector's configuration; docs/detector-outputs.md explains every key. A change is taken within about a minute,
# by all nodes; one with a mistake is refused, and "kubedrill detector tail" and "kubedrill status" say why.
rule_matching: all
outputs:
  - name: stdout
    kind: stdout
`;
