// Safetensors: the tensors of one file of weights, mapped and checked.
//
// Answers by name with type, shape and bytes. The format is a length, a JSON header and the bytes
// of all tensors without gaps; nothing of it is trusted. Not for sharded models and not for
// arithmetic. Const after Open, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_SAFETENSORS_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_SAFETENSORS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "core/base/files.h"

namespace policykb {

// Types that a tensor may have here; files with others are refused.
enum class TensorType : uint8_t { kF64, kF32, kF16, kBf16, kI64, kI32, kI8, kU8 };

// "F32" and so on, as the format spells them.
std::string_view NameOf(TensorType type);

struct Tensor {
  TensorType type = TensorType::kF32;
  std::vector<size_t> shape;
  std::string_view bytes;  // elements in row-major order, little-endian, at any address

  size_t elements() const;
  // "F32 [21128, 512]"
  std::string Describe() const;
};

using TensorMap = std::map<std::string, Tensor, std::less<>>;

// Views into `bytes`. Errors: DataLoss, with the tensor's name where it is about one.
absl::StatusOr<TensorMap> ParseSafetensors(std::string_view bytes);

// `count` elements from `first` on as floats; integers keep their value, F64 is rounded. REQUIRES:
// first + count <= elements(), `to` has room for `count`.
void ReadFloats(const Tensor& tensor, size_t first, size_t count, float* to);
std::vector<float> ReadFloats(const Tensor& tensor);

class SafetensorsFile {
 public:
  // Errors: NotFound, PermissionDenied, Unavailable, DataLoss.
  static absl::StatusOr<SafetensorsFile> Open(const std::string& path);

  const std::string& path() const { return path_; }
  std::string_view bytes() const { return file_.bytes(); }
  const TensorMap& tensors() const { return tensors_; }
  // Errors: NotFound, DataLoss (`shape` differs). The
  // message names file and tensor. Valid as long as this object.
  absl::StatusOr<Tensor> Find(std::string_view name, const std::vector<size_t>& shape) const;
  bool Has(std::string_view name) const { return tensors_.contains(name); }

 private:
  std::string path_;
  MappedFile file_;
  TensorMap tensors_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_SAFETENSORS_H_
