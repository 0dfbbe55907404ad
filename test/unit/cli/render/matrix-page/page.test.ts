import { matrixPage } from '../../../../../cli/render/matrix-page/page.ts';
import { CELLS, matrixReport } from '../../../../support/matrix-report.ts';

const PAGE = matrixPage(matrixReport(), 'lab');

describe("the matrix's page", () => {
  test('needs nothing else: no address of anything outside, and a policy that forbids it', () => {
    expect(PAGE).not.toMatch(/\bsrc=|url\(|@import|https?:\/\//);
    expect(PAGE.match(/href="[^#]/g)).toBeNull();
    expect(PAGE).toContain("default-src 'none'");
  });

  test('shows text as text, whatever it is', () => {
    expect(PAGE).not.toContain('<script>alert');
    expect(PAGE).not.toContain('<b>"bad"');
    expect(PAGE).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('says of each failed cell in plain words the class, both addresses and how to go on', () => {
    const items = [...PAGE.matchAll(/<li>(.*?)<\/li>/gs)].map(([, text = '']) => plain(text));
    expect(items[0]).toBe(
      'timeout lab-worker/pod-a → lab-worker2/pod-b (pod → pod, other node, udp) no answer within 2000 ms' +
        ' sent from 10.244.1.2; to be seen as 10.244.1.2' +
        " kubedrill net matrix --explain 'M2 lab-worker/pod-a → lab-worker2/pod-b udp'",
    );
    const hidden = items.find((text) => text.startsWith('wrong-source'));
    expect(hidden).toContain('sent from 10.244.1.2; seen as 172.18.0.3; to be seen as 10.244.1.2');
  });

  test('says why something was skipped, and that it is neither kept nor broken', () => {
    const text = plain(PAGE);
    expect(text).toContain('policy skipped');
    expect(text).toContain('pod → port that a policy closes to it: this lab enforces no network policy');
  });

  test('says first whether all is well', () => {
    expect(plain(PAGE)).toContain('✗ 3 of 4 requirements are broken: R1, R3, ingress');
    const good = CELLS.filter(({ ok }) => ok);
    expect(plain(matrixPage(matrixReport(good), 'lab'))).toContain('✓ All 3 requirements are kept');
  });
});

function plain(text: string): string {
  return text
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
