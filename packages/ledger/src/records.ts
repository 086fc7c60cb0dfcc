export type LedgerRecord = { readonly todo: true };
