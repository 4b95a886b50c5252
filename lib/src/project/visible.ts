/**
 * A text of somebody else's as a terminal may be given it: characters that command a terminal, or change what is read
 * without being seen (control and formatting characters, line and paragraph separators, halves of surrogate pairs), as
 * JSON escapes them.
 *
 * @param kept such characters that may stay, as those of one's own line ends.
 */
export const visible = (text: string, kept = ''): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    kept.includes(character) ? character : character.split('').map(escaped).join(''),
  );

const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
