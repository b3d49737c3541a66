// Writer of the lexical index; the reader is lexical_index.cc.

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/snapshot/lexical_file_writer.h"
#include "core/snapshot/lexical_index.h"
#include "core/snapshot/lexical_term_table.h"

namespace policykb {

namespace {

[[maybe_unused]] constexpr size_t kMostFields =
    8;  // a posting notes in one byte which fields hold the term

void AppendVarint(std::string& out, uint32_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

uint32_t TakeVarint(const char*& at) {
  uint32_t value = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    value |= static_cast<uint32_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
}

// Terms that are not unigrams, and unigrams that are part of no bigram.
uint32_t FieldLength(const std::vector<Term>& terms) {
  uint32_t length = 0;
  for (size_t i = 0; i < terms.size(); ++i) {
    const auto is_bigram = [&](size_t at) {
      return at < terms.size() && terms[at].kind == TermKind::kBigram;
    };
    if (terms[i].kind != TermKind::kUnigram || (!is_bigram(i + 1) && (i == 0 || !is_bigram(i - 1))))
      ++length;
  }
  return length;
}

}  // namespace

LexicalOptions PassageLexicalOptions() {
  return {.fields = {{.weight = 1.0, .k1 = 1.2, .b = 0.75},
                     {.weight = 0.15, .k1 = 1.2, .b = 0.3},
                     {.weight = 0.6, .k1 = 1.2, .b = 0.3}},
          .unigram_weight = 0.8};
}

float ImpactScale(const LexicalOptions& options) {
  double largest = 0;
  for (const LexicalField& field : options.fields) largest += field.weight * (field.k1 + 1);
  largest *= std::max(1.0, options.unigram_weight);
  return static_cast<float>(largest > 0 ? largest / 255 : 1);
}

struct LexicalIndexWriter::Build {
  explicit Build(LexicalOptions o)
      : options(std::move(o)), fields(options.fields.size()), length_sums(fields, 0) {}

  struct TermState {
    TermKind kind = TermKind::kWord;  // of its first occurrence
    uint32_t next_ordinal = 0;        // one past the entry that last held it
    // Per posting: varint ordinal distance, u8 set of fields, varint tf of each of these.
    std::string postings;
  };

  void AddOccurrence(const Term& term, size_t field);
  void CloseEntry();
  // Calls `visit(ordinal, impact)` for the postings of positive impact.
  template <typename Visit>
  void ForEachPosting(const TermState& state, Visit visit) const;
  double FieldImpact(size_t field, uint32_t tf, uint32_t ordinal) const;

  const LexicalOptions options;
  const size_t fields;
  LexicalTermTable table;
  std::vector<TermState> terms;
  std::vector<uint32_t> tfs;      // terms*fields, of the open entry
  std::vector<uint32_t> touched;  // terms of the open entry
  std::vector<uint32_t> lengths;  // entries*fields
  std::vector<uint64_t> length_sums;
  std::vector<double> mean_lengths;
  uint32_t entries = 0;
};

void LexicalIndexWriter::Build::AddOccurrence(const Term& term, size_t field) {
  const uint32_t number = table.Intern(term.text);
  if (number == terms.size()) {
    terms.push_back({.kind = term.kind, .next_ordinal = 0, .postings = {}});
    tfs.resize(tfs.size() + fields, 0);
  }
  uint32_t* tf = &tfs[number * fields];
  if (std::all_of(tf, tf + fields, [](uint32_t n) { return n == 0; })) touched.push_back(number);
  ++tf[field];
}

void LexicalIndexWriter::Build::CloseEntry() {
  for (const uint32_t number : touched) {
    TermState& state = terms[number];
    uint32_t* tf = &tfs[number * fields];
    AppendVarint(state.postings, entries - state.next_ordinal);
    state.next_ordinal = entries + 1;
    unsigned set = 0;
    for (size_t f = 0; f < fields; ++f) set |= tf[f] != 0 ? 1u << f : 0u;
    state.postings += static_cast<char>(set);
    for (size_t f = 0; f < fields; ++f) {
      if (tf[f] != 0) AppendVarint(state.postings, std::exchange(tf[f], 0));
    }
  }
  touched.clear();
  ++entries;
}

double LexicalIndexWriter::Build::FieldImpact(size_t field, uint32_t tf, uint32_t ordinal) const {
  const LexicalField& o = options.fields[field];
  const double mean = mean_lengths[field];
  const double relative_length = mean > 0 ? lengths[size_t{ordinal} * fields + field] / mean : 1.0;
  return o.weight * tf * (o.k1 + 1) / (tf + o.k1 * (1 - o.b + o.b * relative_length));
}

template <typename Visit>
void LexicalIndexWriter::Build::ForEachPosting(const TermState& state, Visit visit) const {
  const double factor = state.kind == TermKind::kUnigram ? options.unigram_weight : 1.0;
  const char* at = state.postings.data();
  const char* const end = at + state.postings.size();
  for (uint32_t ordinal = 0; at < end; ++ordinal) {
    ordinal += TakeVarint(at);
    const auto set = static_cast<unsigned char>(*at++);
    double impact = 0;
    for (size_t f = 0; f < fields; ++f) {
      if (set >> f & 1) impact += FieldImpact(f, TakeVarint(at), ordinal);
    }
    impact *= factor;
    if (impact > 0) visit(ordinal, impact);
  }
}

LexicalIndexWriter::LexicalIndexWriter(LexicalOptions options)
    : build_(std::make_unique<Build>(std::move(options))) {
  assert(build_->fields >= 1 && build_->fields <= kMostFields);
}

LexicalIndexWriter::~LexicalIndexWriter() = default;

void LexicalIndexWriter::Add(std::span<const std::vector<Term>> fields) {
  assert(fields.size() == build_->fields);
  for (size_t f = 0; f < build_->fields; ++f) {
    for (const Term& term : fields[f]) build_->AddOccurrence(term, f);
    build_->lengths.push_back(FieldLength(fields[f]));
    build_->length_sums[f] += build_->lengths.back();
  }
  build_->CloseEntry();
}

std::vector<double> LexicalIndexWriter::MeanLengths() const {
  std::vector<double> means;
  for (const uint64_t sum : build_->length_sums)
    means.push_back(static_cast<double>(sum) / std::max<uint32_t>(build_->entries, 1));
  return means;
}

absl::Status LexicalIndexWriter::Finish(const std::string& path,
                                        const std::vector<double>& mean_lengths) {
  Build& b = *build_;
  assert(mean_lengths.size() == b.fields);
  b.mean_lengths = mean_lengths;
  const float scale = ImpactScale(b.options);
  LexicalFileWriter file(scale);
  std::vector<CodedPosting> postings;
  for (const uint32_t number : b.table.Sorted()) {
    postings.clear();
    b.ForEachPosting(b.terms[number], [&](uint32_t ordinal, double impact) {
      const double code = std::clamp(std::round(impact / scale), 1.0, 255.0);
      postings.push_back({ordinal, static_cast<uint8_t>(code)});
    });
    std::string().swap(b.terms[number].postings);
    RETURN_IF_ERROR_IN(file.Add(b.table.Text(number), postings), path);
  }
  return file.Finish(path, b.entries);
}

}  // namespace policykb
