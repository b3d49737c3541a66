// Fuzz target: a file of the ranking stage of any bytes is read or refused with a line; what is
// read has finite numbers only, and what is written of it is read alike.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "retriever/ranking_file.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto model = policykb::DecodeRanking(text, {});
  if (!model.ok()) return 0;
  if (model->trees.size() > policykb::kMostTrees) std::abort();
  if (std::isnan(policykb::TreeScore({}, model->trees))) std::abort();
  const auto again = policykb::DecodeRanking(policykb::EncodeRanking(*model), {});
  if (!again.ok() || again->trees.size() != model->trees.size()) std::abort();
  return 0;
}
