import { bridgePortCommands, bridgePortLines } from '../../../../labs/snapshot/bridge-ports.ts';

const port = (device: string, hairpin: number, isolated = 0): readonly string[] => [
  `/sys/class/net/${device}/brport/hairpin_mode:${String(hairpin)}`,
  `/sys/class/net/${device}/brport/isolated:${String(isolated)}`,
];
const section = (...ports: readonly (readonly string[])[]): string => `${ports.flat().join('\n')}\n`;

const usual = section(port('veth1', 1), port('veth2', 1));
const saved = bridgePortLines(usual);

test('ports that are alike are one line, however many there are and whatever they are called', () => {
  expect(saved).toEqual(['hairpin_mode 1, isolated 0']);
  expect(bridgePortLines(section(port('veth7', 1)))).toEqual(saved);
});

test('a port with another flag is a line of its own', () => {
  const lines = bridgePortLines(section(port('veth1', 1), port('veth2', 0)));
  expect(lines).toEqual(['hairpin_mode 0, isolated 0', 'hairpin_mode 1, isolated 0']);
});

test('only the odd ports are made as the others were', () => {
  expect(bridgePortCommands(saved, section(port('veth1', 1), port('veth2', 0, 1)))).toEqual([
    'echo 1 > /sys/class/net/veth2/brport/hairpin_mode',
    'echo 0 > /sys/class/net/veth2/brport/isolated',
  ]);
  expect(bridgePortCommands(saved, usual)).toEqual([]);
});

test('a picture without ports says nothing about them', () => {
  expect(bridgePortLines('')).toEqual([]);
  expect(bridgePortCommands([], usual)).toEqual([]);
});
