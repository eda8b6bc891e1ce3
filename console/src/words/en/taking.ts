/** Words of the form of a call: history, duplicates, places, facts, endings. */

export const takingWords = {
  "taking.facts": "facts of the scene",
  "taking.note": "a note",
  "taking.place_note": "Place, as said: {place}",

  "taking.suggested": "suggested",
  "taking.n_calls": "{n} calls",
  "taking.dismiss": "Another matter",
  "taking.photos": "Photos {n}",
  "taking.dismissed": "{incident} is another matter and is not shown again",
  "taking.dismiss_reason": "the call-taker says that it is another matter",

  "taking.short_noted": "Noted with {incident}; the call is done",
  "taking.short_nothing": "Nothing new for {incident}; the call is done",

  "taking.caller_at": "Caller ±{n} m ({source})",
  "taking.caller_place": "Where the caller is, ±{n} m",
  "taking.no_spot": "The caller is not located: nothing to answer",
  "taking.not_at_scene": "not at the scene, no candidate",
  "taking_source.handset": "handset",
  "taking_source.cell": "cell",
  "taking_source.text_link": "text link",
  "taking_source.line": "address of the line",
  "taking_source.said": "as said",

  "taking.possible_twice": "That is one of the possible places already",
  "taking.ruled_out_reason": "ruled out by the call-taker, who asked",

  "taking.beside": "Duplicates, history and dangers of the place",

  "taking.end_attached": "This call was attached to another incident, which cannot be ended here",
  "taking.ended_referred": "{incident} was passed to 12345",
  "taking.ended_invalid": "{incident} has ended as invalid",

  "taking.caller_note": "Caller {name} {number} (call {call} is no longer in the system)",
  "taking.held": "something is not in the record; F9 again leaves, and the words stay among the drafts",
  "taking.put_by": "What was written for {call} is not saved: it is among the drafts on the left",
  "taking.call_gone": "Call {call} is no longer in the system and cannot be ended. ",
  "taking.drafts": "Forms not saved",
  "taking.discard": "Throw away",
  "taking.discard_sure": "Press again to throw away",
} as const;
