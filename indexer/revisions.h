// Revisions: what documents say of each other, stated or by being one text at several dates, turned
// into validity and successors.
//
// Stated: `supersedes` in a document's metadata. By date: documents of one text form a chain, each
// in force until the next begins. What one text is:
// - Equal title, without the country's name before it, white space and remarks that only number the
//   revision ("(2019 xiu zheng)"), equal kind and language. Full-width and ASCII forms are equal.
// - Equal first article: the books of a code in files of their own are parts of one text.
// - Not an act of the day (decision, resolution, notice, reply, amendment): the next one of that
//   title does not replace it. Guides and questions only with equal issuers, both known.
// - Equal region. One that is not known counts as the country where no issuer is known either, or
//   where the issuer has none; else as the other one's where the title begins with its name: a
//   bare title such as "detailed rules" of two places is two texts.
// - Issuers of one level, where both are known and the kind leaves a choice: congress, government,
//   department, court. Names are compared for departments under a short title only ("rules of
//   procedure"), since bodies are renamed and merged between revisions.
// A document whose metadata states `supersedes`, even as an empty list, ends what it states and
// nothing else; an end of validity that metadata states is not moved by a chain. Documents of one
// text and one date end what is before them and not each other; they are named.
//
// Not for what one text says of itself (structure/metadata.h). Pure functions, any thread.

#ifndef POLICYKB_INDEXER_REVISIONS_H_
#define POLICYKB_INDEXER_REVISIONS_H_

#include <string>
#include <vector>

#include "core/snapshot/records.h"

namespace policykb {

// One line each, with the file.
struct RevisionProblems {
  // Statements that cannot be true or end nothing, so that a text stays in force that should not:
  // round in a circle, by a document without a date, or by one that begins before the other.
  std::vector<std::string> refused;
  // References to what is not in the corpus, documents of one text and one date, texts that may or
  // may not be one.
  std::vector<std::string> doubts;
};

// Sets validity, supersedes, superseded_by and their origins of every document from what all of
// them state (stated_validity, stated_supersedes, title, kind, language, region, issuer,
// promulgated_on): equal statements give equal results whatever was set before. A statement that is
// refused changes nothing. REQUIRES: ids are unique.
RevisionProblems LinkRevisions(const std::vector<Document*>& documents);

}  // namespace policykb

#endif  // POLICYKB_INDEXER_REVISIONS_H_
