// The JSON of OpenAI-compatible embeddings: request bodies, replies and errors.
//
// Nothing of a reply is trusted: number, order, dimension and values are checked. Not for HTTP.
// Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_EMBEDDINGS_PROTOCOL_H_
#define POLICYKB_CORE_EMBEDDING_EMBEDDINGS_PROTOCOL_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace policykb {

// Body of a request for the vectors of `texts`; malformed UTF-8 is sent as U+FFFD.
std::string EncodeEmbeddingsRequest(std::string_view model, std::span<const std::string> texts);

// count*dimension, row-major, in the order of the request whatever the order of the reply, each of
// unit length. `dimension` 0 takes any, the same for all. Errors: DataLoss (no JSON, another number
// of vectors, an index twice or out of range, another dimension, a value that is no finite number,
// a vector of zeros).
absl::StatusOr<std::vector<float>> DecodeEmbeddings(std::string_view body, size_t count,
                                                    size_t dimension);

// What an error's body says, one line of at most 200 bytes; empty where it says nothing.
std::string EmbeddingsErrorReason(std::string_view body);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_EMBEDDINGS_PROTOCOL_H_
