// Reranker: a second look at the best candidates, by a model that reads query and passage together.
//
// The interface of a cross-encoder. Optional: a search without one, or whose reranker fails or is
// late, keeps its own order and says so. Implementations are const, any thread.

#ifndef POLICYKB_RETRIEVER_RERANKER_H_
#define POLICYKB_RETRIEVER_RERANKER_H_

#include <span>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace policykb {

// How many of the best candidates it looks at, and for how long.
struct RerankOptions {
  size_t passages = 50;
  absl::Duration time_limit = absl::Milliseconds(200);
};

class Reranker {
 public:
  virtual ~Reranker() = default;

  // One finite score for each passage text, in their order; higher is better, comparable within the
  // call only. It gives up at `deadline` by itself. Errors: DeadlineExceeded, Unavailable,
  // Internal.
  virtual absl::StatusOr<std::vector<double>> Score(std::string_view query,
                                                    std::span<const std::string_view> passages,
                                                    absl::Time deadline) const = 0;
};

}  // namespace policykb

#endif  // POLICYKB_RETRIEVER_RERANKER_H_
