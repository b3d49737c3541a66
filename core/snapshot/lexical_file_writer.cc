#include "core/snapshot/lexical_file_writer.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/strings.h"
#include "core/snapshot/lexical_format.h"
#include "core/snapshot/section_file.h"

namespace policykb {

using namespace lexical_format;

namespace {

// A dense block saves distances and is added at a fraction of the time; it is taken up to this many
// ordinals for each posting (the bytes of two-byte distances and a code would be three).
constexpr uint64_t kDenseOrdinalsPerPosting = 4;

Form NarrowestOffsets(uint32_t range) {
  return range <= 0xFF ? kOffsets8 : range <= 0xFFFF ? kOffsets16 : kOffsets32;
}

uint8_t LargestCode(std::span<const CodedPosting> postings) {
  uint8_t largest = 0;
  for (const CodedPosting& posting : postings) largest = std::max(largest, posting.code);
  return largest;
}

void AppendBody(std::string& out, Form form, std::span<const CodedPosting> block) {
  const uint32_t first = block.front().ordinal;
  if (form == kDense) {
    const size_t at = out.size();
    out.resize(at + block.back().ordinal - first + 1);
    for (const CodedPosting& p : block) out[at + p.ordinal - first] = static_cast<char>(p.code);
    return;
  }
  for (const CodedPosting& p : block.subspan(1)) {
    const uint32_t distance = p.ordinal - first;
    if (form == kOffsets8) Append(out, static_cast<uint8_t>(distance));
    if (form == kOffsets16) Append(out, static_cast<uint16_t>(distance));
    if (form == kOffsets32) Append(out, distance);
  }
  for (const CodedPosting& p : block) Append(out, p.code);
}

void AppendShortList(std::string& out, std::span<const CodedPosting> postings) {
  const Form form = NarrowestOffsets(postings.back().ordinal - postings.front().ordinal);
  Append(out, static_cast<uint8_t>(form));
  Append(out, static_cast<uint8_t>(postings.size() - 1));
  Append(out, LargestCode(postings));
  Append(out, uint8_t{0});
  Append(out, postings.front().ordinal);
  AppendBody(out, form, postings);
}

void AppendLongList(std::string& out, std::span<const CodedPosting> postings) {
  const size_t list = out.size();
  Append(out, static_cast<uint8_t>(kLong));
  Append(out, uint8_t{0});
  Append(out, LargestCode(postings));
  Append(out, uint8_t{0});
  Append(out, static_cast<uint32_t>(postings.size()));
  size_t entry = out.size();
  out.resize(entry + (postings.size() + kBlockSize - 1) / kBlockSize * kBlockEntrySize);
  for (size_t begin = 0; begin < postings.size(); begin += kBlockSize, entry += kBlockEntrySize) {
    const auto block =
        postings.subspan(begin, std::min<size_t>(kBlockSize, postings.size() - begin));
    const uint32_t range = block.back().ordinal - block.front().ordinal;
    const Form form =
        range < kDenseOrdinalsPerPosting * block.size() ? kDense : NarrowestOffsets(range);
    Store(out, entry, block.front().ordinal);
    Store(out, entry + 4, block.back().ordinal);
    Store(out, entry + 8, static_cast<uint32_t>(out.size() - list));
    Store(out, entry + 12, static_cast<uint8_t>(form));
    Store(out, entry + 13, LargestCode(block));
    AppendBody(out, form, block);
    Pad(out, kListUnit);
  }
}

}  // namespace

absl::Status LexicalFileWriter::Add(std::string_view term, std::span<const CodedPosting> postings) {
  if (postings.empty()) return absl::OkStatus();
  postings_ += postings.size();
  postings.size() <= kBlockSize ? AppendShortList(lists_, postings)
                                : AppendLongList(lists_, postings);
  Pad(lists_, kListUnit);
  text_ += term;
  if (text_.size() > std::numeric_limits<uint32_t>::max() ||
      lists_.size() / kListUnit > std::numeric_limits<uint32_t>::max()) {
    return absl::ResourceExhaustedError(
        Cat(text_.size(), " bytes of terms and ", lists_.size(),
            " of postings, at most 4 GiB and 16 GiB fit one segment"));
  }
  text_offsets_.push_back(static_cast<uint32_t>(text_.size()));
  list_offsets_.push_back(static_cast<uint32_t>(lists_.size() / kListUnit));
  return absl::OkStatus();
}

absl::Status LexicalFileWriter::Finish(const std::string& path, uint32_t entries) {
  SectionFileWriter file(kMagic, kVersion);
  file.AddArray<Info>({{.terms = text_offsets_.size() - 1,
                        .postings = postings_,
                        .entries = entries,
                        .impact_scale = impact_scale_}});
  file.AddArray(text_offsets_);
  file.Add(std::move(text_));
  file.AddArray(list_offsets_);
  file.Add(std::move(lists_));
  return file.Finish(path);
}

}  // namespace policykb
