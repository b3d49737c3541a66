// PackedMatrix: a weight matrix in the form that this CPU multiplies fastest; the wall around
// oneDNN.
//
// Three precisions: f32; bf16 with f32 sums; int8, whose weights have a scale for each output and
// whose activations have a scale and a zero for each row, with exact sums. Every call uses one
// thread; workers make the parallelism, because OpenMP threads that wait for each other do badly on
// busy machines. Const after Create, any thread; a MatrixScratch is used by one thread at a time.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_PACKED_MATRIX_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_PACKED_MATRIX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace policykb {

enum class Precision : uint8_t { kF32, kBf16, kInt8 };

// "f32", "bf16", "int8"
std::string_view NameOf(Precision precision);

// Whether this CPU has instructions for it: AVX512-BF16 or AMX for bf16, VNNI for int8. Emulated
// bf16 is slower than f32, and int8 without VNNI saturates sums.
bool IsFast(Precision precision);
// The fastest of f32 and bf16 here.
Precision FastestExact();

// Bytes of one activation.
size_t ActivationBytes(Precision precision);

// Rows are multiplied in multiples of this, so activations and products have room for it.
inline constexpr size_t kRowStep = 16;
inline size_t RoundedRows(size_t rows) { return (rows + kRowStep - 1) / kRowStep * kRowStep; }

// Working memory of one thread.
class MatrixScratch {
 public:
  MatrixScratch();
  ~MatrixScratch();
  MatrixScratch(MatrixScratch&&) noexcept;
  MatrixScratch& operator=(MatrixScratch&&) noexcept;

 private:
  friend class MatrixProduct;
  struct Rep;
  std::unique_ptr<Rep> rep_;
};

// The programs for products of one shape, shared by all matrices of it.
class MatrixProduct {
 public:
  // Errors: FailedPrecondition (the CPU cannot), Internal.
  static absl::StatusOr<std::shared_ptr<const MatrixProduct>> Create(size_t inputs, size_t outputs,
                                                                     Precision precision);
  ~MatrixProduct();

 private:
  friend class PackedMatrix;
  struct Rep;
  explicit MatrixProduct(std::unique_ptr<Rep> rep);
  absl::Status Run(const void* activations, size_t rows, const void* weights, void* product,
                   MatrixScratch& scratch) const;

  std::unique_ptr<Rep> rep_;
};

class PackedMatrix {
 public:
  // `weights`: outputs*inputs, row-major, with the shape of `product`. Errors: Internal,
  // InvalidArgument (a weight that is not finite).
  static absl::StatusOr<PackedMatrix> Create(std::shared_ptr<const MatrixProduct> product,
                                             const std::vector<float>& weights);
  PackedMatrix(PackedMatrix&&) noexcept;
  PackedMatrix& operator=(PackedMatrix&&) noexcept;
  ~PackedMatrix();

  // product = activations * weights transposed: rows*outputs floats, or sums as int32 in int8.
  // Activations are rows*inputs of the precision's type (int8: unsigned, see row_kernels.h). Both
  // have room for RoundedRows(rows) rows. Errors: ResourceExhausted, Internal.
  absl::Status Multiply(const void* activations, size_t rows, void* product,
                        MatrixScratch& scratch) const;

  // For int8, by output: scale of the weights, and their sum in units of it. Empty otherwise.
  const std::vector<float>& scales() const;
  const std::vector<float>& sums() const;
  size_t bytes() const;

 private:
  struct Rep;
  explicit PackedMatrix(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_PACKED_MATRIX_H_
