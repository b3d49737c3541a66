// How rare a term is in a snapshot.
//
// Pure functions over an open snapshot, any thread.

#ifndef POLICYKB_RETRIEVER_TERM_STATISTICS_H_
#define POLICYKB_RETRIEVER_TERM_STATISTICS_H_

#include <string_view>

#include "core/snapshot/snapshot.h"
#include "core/text/analyzer.h"

namespace policykb {

// ln(1 + (N - n + 0.5) / (n + 0.5)) of n among N entries, Robertson and Zaragoza 2009, eq. 3.3,
// kept positive.
double Idf(double entries, double holding);

// Factor on the idf of a query's term, in (0, 1]: low for function words.
double TermWeightFactor(std::string_view term, TermKind kind);

// Passages of all segments.
double CountPassages(const Snapshot& snapshot);

// Idf of the term over the passages, of which there are `passages`, times its factor.
double PassageIdf(const Snapshot& snapshot, double passages, std::string_view term, TermKind kind);

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_TERM_STATISTICS_H_
