#include "retriever/term_statistics.h"

#include <cmath>

#include "core/text/function_words.h"

namespace policykb {

namespace {

// Chosen on the development questions of data/; stard-r does not change between 0.1 and 1.
constexpr double kFunctionWordWeight = 0.25;

}  // namespace

double Idf(double entries, double holding) {
  return std::log(1 + (entries - holding + 0.5) / (holding + 0.5));
}

double TermWeightFactor(std::string_view term, TermKind kind) {
  return IsFunctionWord(term, kind) ? kFunctionWordWeight : 1;
}

double CountPassages(const Snapshot& snapshot) {
  double passages = 0;
  for (const auto& segment : snapshot.segments()) passages += segment->columns().passages();
  return passages;
}

double PassageIdf(const Snapshot& snapshot, double passages, std::string_view term, TermKind kind) {
  double holding = 0;
  for (const auto& segment : snapshot.segments()) {
    if (const auto list = segment->passages().Find(term)) holding += list->entries;
  }
  return Idf(passages, holding) * TermWeightFactor(term, kind);
}

}  // namespace policykb
