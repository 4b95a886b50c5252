/**
 * Words that negate: not and no with their kin, as in the lists of Gururangan et al. (2018, "no", "nobody", "nothing",
 * "never") and of NegEx (Chapman et al. 2001), single words alone. Contractions are found as n't.
 */
export const NEGATIONS: ReadonlySet<string> = new Set(
  'no not nor none nobody nothing nowhere never neither cannot without lack lacks lacked lacking absent absence fail fails failed failing'.split(
    ' ',
  ),
);

/** Words that hedge: the single words most often annotated as speculative in BioScope (Vincze et al. 2008). */
export const HEDGES: ReadonlySet<string> = new Set(
  'may might could would can should possible possibly probable probably likely unlikely perhaps potential potentially putative presumably apparently suggest suggests suggested suggesting indicate indicates indicated indicating appear appears appeared seem seems seemed hypothesize hypothesized propose proposed suspect suspected assume assumed believe believed whether unclear unknown'.split(
    ' ',
  ),
);
