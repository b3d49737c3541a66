// HttpEmbedder: vectors from an OpenAI-compatible /v1/embeddings server.
//
// Passages go out in batches, some at a time; what may pass is tried again until the deadline. The
// key is sent and never logged. A search asks twice at most, not for long, and not at all while the
// server is known to fail (core/http/circuit_breaker.h); it says which trace it is part of. Any
// thread; calls block until the vectors are there.

#ifndef POLICYKB_CORE_EMBEDDING_HTTP_EMBEDDER_H_
#define POLICYKB_CORE_EMBEDDING_HTTP_EMBEDDER_H_

#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "core/embedding/embedder.h"
#include "core/http/circuit_breaker.h"

namespace policykb {

struct HttpEmbedderOptions {
  std::string url;    // with or without /v1
  std::string model;  // name that the server knows
  size_t dimension = 0;
  std::string query_prefix;
  std::string passage_prefix;
  std::string key;                                   // sent as a bearer token; empty: none
  size_t batch = 32;                                 // texts of a request
  size_t requests = 4;                               // at a time
  absl::Duration passages_limit = absl::Minutes(5);  // for all requests of one call
  absl::Duration query_limit = absl::Seconds(2);
  absl::Duration search_limit = absl::Seconds(1);  // of a query that a search can do without
  CircuitBreakerOptions circuit = {.failures = 2, .rest = absl::Seconds(5)};  // of searches
  absl::Duration first_pause = absl::Milliseconds(200);  // before the second try; doubles
};

// Errors: InvalidArgument (URL, empty model name, dimension 0, a key that is not one word).
// EmbedPassages, EmbedQuery and EmbedForSearch: Unavailable, DeadlineExceeded, PermissionDenied,
// InvalidArgument (the server refuses), DataLoss (as DecodeEmbeddings).
absl::StatusOr<std::unique_ptr<Embedder>> OpenHttpEmbedder(const HttpEmbedderOptions& options);

// Components of the vectors that the server makes, from one request. Errors: as EmbedQuery.
absl::StatusOr<size_t> AskDimension(const HttpEmbedderOptions& options);

// The environment variable POLICYKB_EMBEDDING_KEY, else the content of `file` (may be empty),
// without white space at the ends. Errors: as ReadFile.
absl::StatusOr<std::string> ReadEmbeddingKey(const std::string& file);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_HTTP_EMBEDDER_H_
