/** The lab that all e2e tests share: brought up before the tier and taken down after it. */
export const E2E_LAB = 'e2e';
