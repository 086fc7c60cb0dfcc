import type { Protocol, SynodError } from '@synod/kernel';

/** A protocol that can be served: whatever is asked, answered or told carries its name, for figures and failpoints. */
export interface ServedProtocol extends Protocol {
  command: { readonly type: string };
  /** One of type `error` is a `Refusal`. */
  result: { readonly type: string };
  message: { readonly type: string };
}

/** What a caller is answered when nothing else can be: by the machine, or by a door that is closed. */
export interface Refusal {
  readonly type: 'error';
  readonly error: SynodError;
}
