// Reader of the lexical index; the writer is lexical_index_writer.cc.

#include "core/snapshot/lexical_index.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"
#include "core/snapshot/entry_set.h"
#include "core/snapshot/lexical_format.h"
#include "core/snapshot/lexical_kernels.h"
#include "core/snapshot/lexical_list.h"
#include "core/snapshot/section_file.h"

namespace policykb {

using namespace lexical_format;

namespace {

// One term in so many has the first eight bytes of its text kept in memory, for all but the last
// steps of a look-up.
constexpr uint64_t kSampleEvery = 8;

// The first eight bytes as a number that orders as the bytes do; shorter text is as if followed by
// zeros.
uint64_t PrefixKey(std::string_view text) {
  uint64_t key = 0;
  std::memcpy(&key, text.data(), std::min<size_t>(text.size(), 8));
  return __builtin_bswap64(key);
}

// How many of the keys are `before`, which holds for those at the beginning only; without a branch,
// which could not be foreseen.
template <typename Before>
size_t CountBefore(std::span<const uint64_t> keys, const Before& before) {
  if (keys.empty()) return 0;
  const uint64_t* at = keys.data();
  for (size_t size = keys.size(); size > 1;) {
    const size_t half = size / 2;
    at = before(at[half - 1]) ? at + half : at;
    size -= half;
  }
  return static_cast<size_t>(at - keys.data()) + (before(*at) ? 1 : 0);
}

}  // namespace

struct LexicalIndex::Layout {
  SectionFile file;
  uint64_t size_bytes = 0;
  Info info;
  StringTable text;
  std::span<const uint32_t> text_offsets;
  std::span<const uint32_t> list_offsets;
  std::vector<uint64_t> samples;  // PrefixKey of one term in kSampleEvery

  absl::Status Read();
  absl::Status Damaged(std::string_view what) const {
    return absl::DataLossError(Cat(file.path(), ": lexical index: ", what));
  }
  // Terms before `low` are smaller than a term, those from `high` on are larger.
  struct Range {
    uint64_t low = 0;
    uint64_t high = 0;
  };
  // By the samples. `before`: how many of them are below the term's key.
  Range RangeOf(uint64_t key, size_t before) const {
    const std::span<const uint64_t> from = std::span(samples).subspan(before);
    const bool sampled = !from.empty() && from[0] == key;
    const size_t equal =
        sampled ? CountBefore(from, [key](uint64_t sample) { return sample <= key; }) : 0;
    return {.low = before == 0 ? 0 : (before - 1) * kSampleEvery,
            .high = std::min(info.terms, (before + equal) * kSampleEvery)};
  }
  // The first term of the range that is not smaller, or its end.
  uint64_t LowerBound(Range range, std::string_view term) const {
    while (range.low < range.high) {
      const uint64_t middle = range.low + (range.high - range.low) / 2;
      if (text[middle] < term) {
        range.low = middle + 1;
      } else {
        range.high = middle;
      }
    }
    return range.low;
  }
  std::optional<TermList> TermListOf(uint64_t term) const {
    const std::optional<LexicalList> list = ListOf(term);
    if (!list) return std::nullopt;
    return TermList{.entries = list->postings,
                    .max_impact = info.impact_scale * static_cast<float>(list->largest_code),
                    .position = term};
  }
  // REQUIRES: term < terms.
  std::optional<LexicalList> ListOf(uint64_t term) const {
    const uint64_t begin = uint64_t{list_offsets[term]} * kListUnit;
    const uint64_t end = uint64_t{list_offsets[term + 1]} * kListUnit;
    return LexicalList::Read(file.Section(kLists).substr(begin, end - begin), info.entries);
  }
};

absl::Status LexicalIndex::Layout::Read() {
  ASSIGN_OR_RETURN(const auto infos, file.Array<Info>(kInfo, 1));
  info = infos[0];
  if (!std::isfinite(info.impact_scale) || info.impact_scale <= 0) {
    return Damaged("impact scale is not a positive number");
  }
  if (info.terms >= std::numeric_limits<uint32_t>::max())
    return Damaged(Cat(info.terms, " terms, below 2^32 fit"));
  ASSIGN_OR_RETURN(text, file.Strings(kTextOffsets, info.terms));
  ASSIGN_OR_RETURN(text_offsets, file.Array<uint32_t>(kTextOffsets, info.terms + 1));
  ASSIGN_OR_RETURN(list_offsets, file.Array<uint32_t>(kListOffsets, info.terms + 1));
  const size_t lists_size = file.Section(kLists).size();
  if (!std::is_sorted(list_offsets.begin(), list_offsets.end()) ||
      list_offsets.back() > lists_size / kListUnit) {
    return Damaged(Cat("list offsets do not ascend to at most ", lists_size / kListUnit));
  }
  for (uint64_t term = 0; term < info.terms; term += kSampleEvery)
    samples.push_back(PrefixKey(text[term]));
  return absl::OkStatus();
}

LexicalIndex::LexicalIndex() : layout_(std::make_unique<Layout>()) {}
LexicalIndex::~LexicalIndex() = default;

absl::StatusOr<std::unique_ptr<LexicalIndex>> LexicalIndex::Open(const std::string& path) {
  std::unique_ptr<LexicalIndex> index(new LexicalIndex());
  ASSIGN_OR_RETURN(index->layout_->file, SectionFile::Open(path, kMagic, kVersion, kSections));
  ASSIGN_OR_RETURN(index->layout_->size_bytes, FileSize(path));
  RETURN_IF_ERROR(index->layout_->Read());
  return index;
}

uint32_t LexicalIndex::entries() const { return layout_->info.entries; }
uint64_t LexicalIndex::terms() const { return layout_->info.terms; }
uint64_t LexicalIndex::size_bytes() const { return layout_->size_bytes; }

std::optional<LexicalIndex::TermList> LexicalIndex::Find(std::string_view term) const {
  return FindAll({&term, 1}).front();
}

std::vector<std::optional<LexicalIndex::TermList>> LexicalIndex::FindAll(
    std::span<const std::string_view> terms) const {
  const Layout& l = *layout_;
  struct LookUp {
    uint64_t key = 0;
    const uint64_t* sample = nullptr;  // those before it are below the key
    Layout::Range range;
    uint64_t term = 0;
  };
  std::vector<std::optional<TermList>> found(terms.size());
  if (l.samples.empty()) return found;
  std::vector<LookUp> look_ups(terms.size());
  for (size_t i = 0; i < terms.size(); ++i)
    look_ups[i] = {.key = PrefixKey(terms[i]), .sample = l.samples.data(), .range = {}, .term = 0};
  // CountBefore of all of them, one step at a time.
  for (size_t size = l.samples.size(); size > 1;) {
    const size_t half = size / 2;
    for (LookUp& at : look_ups) at.sample += at.sample[half - 1] < at.key ? half : 0;
    size -= half;
  }
  for (LookUp& at : look_ups) {
    const auto before = static_cast<size_t>(at.sample - l.samples.data());
    at.range = l.RangeOf(at.key, before + (*at.sample < at.key ? 1 : 0));
    __builtin_prefetch(&l.text_offsets[at.range.low]);
  }
  for (const LookUp& at : look_ups)
    __builtin_prefetch(l.file.Section(kTermText).data() + l.text_offsets[at.range.low]);
  for (size_t i = 0; i < terms.size(); ++i) {
    look_ups[i].term = l.LowerBound(look_ups[i].range, terms[i]);
    __builtin_prefetch(&l.list_offsets[look_ups[i].term]);
  }
  for (const LookUp& at : look_ups) {
    __builtin_prefetch(l.file.Section(kLists).data() +
                       uint64_t{l.list_offsets[at.term]} * kListUnit);
  }
  for (size_t i = 0; i < terms.size(); ++i) {
    const uint64_t term = look_ups[i].term;
    if (term < l.info.terms && l.text[term] == terms[i]) found[i] = l.TermListOf(term);
  }
  return found;
}

std::optional<LexicalList> LexicalIndex::ListOf(const TermList& term) const {
  return term.position < layout_->info.terms ? layout_->ListOf(term.position) : std::nullopt;
}

void LexicalIndex::AddScores(const TermList& term, uint32_t weight,
                             std::span<uint32_t> scores) const {
  const std::optional<LexicalList> list = ListOf(term);
  if (!list || scores.size() < list->entries) return;
  const LexicalKernels& kernels = BestLexicalKernels();
  for (uint32_t i = 0; i < list->blocks(); ++i) {
    const LexicalBlock block = list->BlockAt(i);
    if (!block.IsBounded(list->entries)) return;
    uint32_t* const at = scores.data() + block.first;
    if (block.form == kDense) {
      kernels.add_dense(block.body.data(), block.last - block.first + 1, weight, at);
    } else if (!AddOffsetCodes(block.form, block.body.data(), block.postings, weight,
                               block.last - block.first + 1, at)) {
      return;
    }
  }
}

absl::StatusOr<std::vector<Posting>> LexicalIndex::Decode(const TermList& term) const {
  if (term.position >= layout_->info.terms)
    return layout_->Damaged(Cat("list ", term.position, " cannot be read"));
  std::vector<CodedPosting> coded;
  RETURN_IF_ERROR(DecodeCodes(term.position, coded));
  std::vector<Posting> postings;
  postings.reserve(coded.size());
  for (const CodedPosting& p : coded) {
    postings.push_back({p.ordinal, layout_->info.impact_scale * static_cast<float>(p.code)});
  }
  return postings;
}

float LexicalIndex::ImpactIn(const TermList& term, uint32_t ordinal) const {
  const std::optional<LexicalList> list = ListOf(term);
  return list ? layout_->info.impact_scale * static_cast<float>(list->CodeOf(ordinal)) : 0;
}

std::vector<uint32_t> LexicalIndex::Holding(const TermList& term, const EntrySet& entries) const {
  const std::optional<LexicalList> list = ListOf(term);
  return list ? list->Holding(entries) : std::vector<uint32_t>();
}

float LexicalIndex::impact_scale() const { return layout_->info.impact_scale; }

std::string_view LexicalIndex::TermText(uint64_t term) const { return layout_->text[term]; }

absl::Status LexicalIndex::DecodeCodes(uint64_t term, std::vector<CodedPosting>& out) const {
  const std::optional<LexicalList> list = layout_->ListOf(term);
  if (!list) return layout_->Damaged(Cat("list ", term, " cannot be read"));
  const std::string_view wrong = list->Decode(out);
  if (wrong.empty()) return absl::OkStatus();
  return layout_->Damaged(Cat("list ", term, " has ", wrong));
}

std::vector<std::string_view> LexicalIndex::AllTerms() const {
  std::vector<std::string_view> terms;
  terms.reserve(layout_->info.terms);
  for (uint64_t term = 0; term < layout_->info.terms; ++term) terms.push_back(layout_->text[term]);
  return terms;
}

absl::Status LexicalIndex::Verify() const {
  const Layout& l = *layout_;
  uint64_t postings = 0;
  std::vector<CodedPosting> coded;
  for (uint64_t term = 0; term < l.info.terms; ++term) {
    const auto damaged = [&](std::string_view what) {
      return l.Damaged(Cat("term ", term, " \"", l.text[term], "\" has ", what));
    };
    if (term > 0 && l.text[term] <= l.text[term - 1]) return damaged("no place in byte order");
    const std::optional<LexicalList> list = l.ListOf(term);
    if (!list) return damaged("a list that cannot be read");
    coded.clear();
    if (const std::string_view wrong = list->Decode(coded); !wrong.empty()) return damaged(wrong);
    postings += coded.size();
  }
  if (postings == l.info.postings) return absl::OkStatus();
  return l.Damaged(Cat(postings, " postings, its header says ", l.info.postings));
}

}  // namespace policykb
