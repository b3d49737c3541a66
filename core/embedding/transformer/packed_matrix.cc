#include "core/embedding/transformer/packed_matrix.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <oneapi/dnnl/dnnl.hpp>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

using dnnl::memory;

// Rows of one call at the most: a text of 512 tokens. More rows come in several calls.
constexpr size_t kMostRows = 512;

// oneDNN splits work over the OpenMP threads of the calling thread, when it plans and when it runs.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  int before_;
};

const dnnl::engine& Engine() {
  static const dnnl::engine* const engine = new dnnl::engine(dnnl::engine::kind::cpu, 0);
  return *engine;
}

struct Types {
  memory::data_type activations;
  memory::data_type weights;
  memory::data_type product;
};

Types TypesOf(Precision precision) {
  using type = memory::data_type;
  switch (precision) {
    case Precision::kF32:
      return {type::f32, type::f32, type::f32};
    case Precision::kBf16:
      return {type::bf16, type::bf16, type::f32};
    case Precision::kInt8:
      return {type::u8, type::s8, type::s32};
  }
  return {};
}

absl::Status Failure(const dnnl::error& error, std::string_view what) {
  const std::string message = Cat("oneDNN cannot ", what, ": ", std::string_view(error.what()));
  if (error.status == dnnl_unimplemented) return absl::FailedPreconditionError(message);
  if (error.status == dnnl_out_of_memory) return absl::ResourceExhaustedError(message);
  return absl::InternalError(message);
}

memory::dim Dim(size_t size) { return static_cast<memory::dim>(size); }

}  // namespace

std::string_view NameOf(Precision precision) {
  switch (precision) {
    case Precision::kF32:
      return "f32";
    case Precision::kBf16:
      return "bf16";
    case Precision::kInt8:
      return "int8";
  }
  return "";
}

bool IsFast(Precision precision) {
  const dnnl::cpu_isa isa = dnnl::get_effective_cpu_isa();
  const bool has_bf16 =
      isa == dnnl::cpu_isa::avx512_core_bf16 || isa == dnnl::cpu_isa::avx512_core_amx;
  switch (precision) {
    case Precision::kF32:
      return true;
    case Precision::kBf16:
      return has_bf16;
    case Precision::kInt8:
      return has_bf16 || isa == dnnl::cpu_isa::avx512_core_vnni || isa == dnnl::cpu_isa::avx2_vnni;
  }
  return false;
}

Precision FastestExact() { return IsFast(Precision::kBf16) ? Precision::kBf16 : Precision::kF32; }

size_t ActivationBytes(Precision precision) {
  switch (precision) {
    case Precision::kF32:
      return 4;
    case Precision::kBf16:
      return 2;
    case Precision::kInt8:
      return 1;
  }
  return 4;
}

struct MatrixScratch::Rep {
  dnnl::stream stream{Engine()};
  std::vector<char> bytes;
};

MatrixScratch::MatrixScratch() : rep_(std::make_unique<Rep>()) {}
MatrixScratch::~MatrixScratch() = default;
MatrixScratch::MatrixScratch(MatrixScratch&&) noexcept = default;
MatrixScratch& MatrixScratch::operator=(MatrixScratch&&) noexcept = default;

struct MatrixProduct::Rep {
  // For one number of rows.
  struct Program {
    dnnl::matmul run;
    memory::desc activations;
    memory::desc product;
    memory::desc scratch;
  };

  size_t inputs = 0;
  size_t outputs = 0;
  Precision precision = Precision::kF32;
  memory::desc weights;           // in the form of the programs
  std::vector<Program> programs;  // for kRowStep, 2 * kRowStep ... rows
};

MatrixProduct::MatrixProduct(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
MatrixProduct::~MatrixProduct() = default;

absl::StatusOr<std::shared_ptr<const MatrixProduct>> MatrixProduct::Create(size_t inputs,
                                                                           size_t outputs,
                                                                           Precision precision) {
  auto rep = std::make_unique<Rep>();
  rep->inputs = inputs;
  rep->outputs = outputs;
  rep->precision = precision;
  const Types types = TypesOf(precision);
  const OneThread one_thread;
  try {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    // The form of the weights follows from the largest product and is then the same for all.
    rep->weights =
        memory::desc({Dim(inputs), Dim(outputs)}, types.weights, memory::format_tag::any);
    rep->programs.resize(kMostRows / kRowStep);
    for (size_t i = rep->programs.size(); i-- > 0;) {
      Rep::Program& program = rep->programs[i];
      const memory::dim rows = Dim((i + 1) * kRowStep);
      program.activations =
          memory::desc({rows, Dim(inputs)}, types.activations, memory::format_tag::ab);
      program.product = memory::desc({rows, Dim(outputs)}, types.product, memory::format_tag::ab);
      const dnnl::matmul::primitive_desc description(
          dnnl::matmul::desc(program.activations, rep->weights, program.product), attributes,
          Engine());
      rep->weights = description.weights_desc();
      program.scratch = description.scratchpad_desc();
      program.run = dnnl::matmul(description);
    }
  } catch (const dnnl::error& error) {
    return Failure(error, Cat("multiply ", inputs, "*", outputs, " in ", NameOf(precision)));
  }
  return std::shared_ptr<const MatrixProduct>(new MatrixProduct(std::move(rep)));
}

absl::Status MatrixProduct::Run(const void* activations, size_t rows, const void* weights,
                                void* product, MatrixScratch& scratch) const {
  const OneThread one_thread;
  MatrixScratch::Rep& working = *scratch.rep_;
  const auto* from = static_cast<const char*>(activations);
  auto* to = static_cast<char*>(product);
  try {
    // The library takes pointers to what it only reads without const.
    const memory weights_memory(rep_->weights, Engine(), const_cast<void*>(weights));
    for (size_t done = 0; done < rows;) {
      const size_t now = std::min(RoundedRows(rows - done), kMostRows);
      const Rep::Program& program = rep_->programs[now / kRowStep - 1];
      if (working.bytes.size() < program.scratch.get_size())
        working.bytes.resize(program.scratch.get_size());
      program.run.execute(
          working.stream,
          {{DNNL_ARG_SRC, memory(program.activations, Engine(), const_cast<char*>(from))},
           {DNNL_ARG_WEIGHTS, weights_memory},
           {DNNL_ARG_DST, memory(program.product, Engine(), to)},
           {DNNL_ARG_SCRATCHPAD, memory(program.scratch, Engine(), working.bytes.data())}});
      working.stream.wait();
      done += now;
      from += now * rep_->inputs * ActivationBytes(rep_->precision);
      to += now * rep_->outputs * sizeof(float);
    }
  } catch (const dnnl::error& error) {
    return Failure(error, Cat("multiply ", rows, " rows"));
  }
  return absl::OkStatus();
}

struct PackedMatrix::Rep {
  std::shared_ptr<const MatrixProduct> product;
  memory weights;
  std::vector<float> scales;
  std::vector<float> sums;
};

PackedMatrix::PackedMatrix(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
PackedMatrix::PackedMatrix(PackedMatrix&&) noexcept = default;
PackedMatrix& PackedMatrix::operator=(PackedMatrix&&) noexcept = default;
PackedMatrix::~PackedMatrix() = default;

absl::StatusOr<PackedMatrix> PackedMatrix::Create(std::shared_ptr<const MatrixProduct> product,
                                                  const std::vector<float>& weights) {
  if (!std::all_of(weights.begin(), weights.end(), [](float w) { return std::isfinite(w); })) {
    return absl::InvalidArgumentError("a weight is not finite");
  }
  const MatrixProduct::Rep& shape = *product->rep_;
  auto rep = std::make_unique<Rep>();
  std::vector<int8_t> codes;
  if (shape.precision == Precision::kInt8) {
    codes.resize(weights.size());
    for (size_t output = 0; output < shape.outputs; ++output) {
      const float* row = weights.data() + output * shape.inputs;
      float largest = 0;
      for (size_t i = 0; i < shape.inputs; ++i) largest = std::max(largest, std::abs(row[i]));
      const float scale = largest > 0 ? largest / 127 : 1;
      float sum = 0;
      for (size_t i = 0; i < shape.inputs; ++i) {
        const float code = std::nearbyint(row[i] / scale);
        codes[output * shape.inputs + i] = static_cast<int8_t>(code);
        sum += code;
      }
      rep->scales.push_back(scale);
      rep->sums.push_back(sum);
    }
  }
  const bool is_int8 = shape.precision == Precision::kInt8;
  const OneThread one_thread;
  try {
    const memory::desc plain({Dim(shape.inputs), Dim(shape.outputs)},
                             is_int8 ? memory::data_type::s8 : memory::data_type::f32,
                             memory::format_tag::ba);
    void* source = is_int8 ? static_cast<void*>(codes.data())
                           : const_cast<void*>(static_cast<const void*>(weights.data()));
    memory from(plain, Engine(), source);
    rep->weights = memory(shape.weights, Engine());
    dnnl::stream stream(Engine());
    dnnl::reorder(from, rep->weights).execute(stream, from, rep->weights);
    stream.wait();
  } catch (const dnnl::error& error) {
    return Failure(error, Cat("pack ", shape.inputs, "*", shape.outputs));
  }
  rep->product = std::move(product);
  return PackedMatrix(std::move(rep));
}

absl::Status PackedMatrix::Multiply(const void* activations, size_t rows, void* product,
                                    MatrixScratch& scratch) const {
  return rep_->product->Run(activations, rows, rep_->weights.get_data_handle(), product, scratch);
}

const std::vector<float>& PackedMatrix::scales() const { return rep_->scales; }
const std::vector<float>& PackedMatrix::sums() const { return rep_->sums; }
size_t PackedMatrix::bytes() const {
  return rep_->product->rep_->weights.get_size() +
         (rep_->scales.size() + rep_->sums.size()) * sizeof(float);
}

}  // namespace policykb
