/** The lab that the tests of the tiers e2e and proofs share; scripts/test.mjs brings it up before them and takes it down after. */
export const E2E_LAB = process.env['KUBEDRILL_E2E_LAB'] ?? 'e2e';
