/**
 * `text.normalize(form)` in time that grows with the text. Marks on one letter are put in order by a sort whose time grows
 * with the square of their number, so that a run of over thirty is broken by a joiner that is not seen, as texts in the
 * Stream-Safe Text Format are (Unicode Standard Annex 15, section 13).
 */
export const normalised = (text: string, form: 'NFC' | 'NFD' | 'NFKC'): string =>
  text.replace(/\p{M}{30}(?=\p{M})/gu, '$&\u034f').normalize(form);
