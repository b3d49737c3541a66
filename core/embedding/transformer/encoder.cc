#include "core/embedding/transformer/encoder.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

// Rows whose products are computed and used before the next ones are: the product of the wide layer
// then stays in the second-level cache.
constexpr size_t kProductRows = 64;

absl::Status CheckShape(const EncoderConfig& config) {
  for (const auto& [what, size] : {std::pair("hidden size", config.hidden),
                                   std::pair("intermediate size", config.intermediate),
                                   std::pair("head size", config.head_size())}) {
    if (size % kEncoderLanes != 0) {
      return absl::FailedPreconditionError(
          Cat(what, " ", size, ", a multiple of ", kEncoderLanes, " expected"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

// Packs layer after layer; products of one shape share their programs.
class Encoder::Packer {
 public:
  explicit Packer(Precision precision) : precision_(precision) {}

  absl::StatusOr<Layer> Pack(const LayerWeights& weights) {
    ASSIGN_OR_RETURN(Linear query_key_value,
                     Pack({&weights.query, &weights.key, &weights.value}, query_key_value_));
    ASSIGN_OR_RETURN(Linear attention_output, Pack({&weights.attention_output}, square_));
    ASSIGN_OR_RETURN(Linear intermediate, Pack({&weights.intermediate}, widen_));
    ASSIGN_OR_RETURN(Linear output, Pack({&weights.output}, narrow_));
    return Layer{.query_key_value = std::move(query_key_value),
                 .attention_output = std::move(attention_output),
                 .intermediate = std::move(intermediate),
                 .output = std::move(output),
                 .attention_norm = weights.attention_norm,
                 .output_norm = weights.output_norm};
  }

 private:
  using Product = std::shared_ptr<const MatrixProduct>;

  // The outputs of several matrices with the same inputs, one behind the other.
  absl::StatusOr<Linear> Pack(const std::vector<const LinearWeights*>& parts, Product& product) {
    std::vector<float> weights;
    std::vector<float> bias;
    for (const LinearWeights* part : parts) {
      const std::vector<float> more = ReadFloats(part->weight);
      weights.insert(weights.end(), more.begin(), more.end());
      bias.insert(bias.end(), part->bias.begin(), part->bias.end());
    }
    if (product == nullptr) {
      ASSIGN_OR_RETURN(product, MatrixProduct::Create(parts[0]->inputs, bias.size(), precision_));
    }
    ASSIGN_OR_RETURN(PackedMatrix matrix, PackedMatrix::Create(product, weights));
    return Linear{.matrix = std::move(matrix), .bias = std::move(bias)};
  }

  Precision precision_;
  Product query_key_value_;
  Product square_;
  Product widen_;
  Product narrow_;
};

// One call of Encode.
class Encoder::Run {
 public:
  Run(const Encoder& encoder, std::span<const TokenSequence> sequences, EncoderScratch& scratch)
      : encoder_(encoder),
        config_(encoder.config_),
        sequences_(sequences),
        scratch_(scratch),
        kernels_(BestRowKernels()) {
    for (const TokenSequence& sequence : sequences) rows_ += sequence.tokens.size();
  }

  absl::StatusOr<std::vector<float>> Encode() {
    MakeRoom();
    Embed();
    for (const Layer& layer : encoder_.layers_) {
      const bool last = &layer == &encoder_.layers_.back();
      // Of the last layer the first token's state is all that is read.
      const bool first_only = last && encoder_.pooling_ == Pooling::kCls;
      RETURN_IF_ERROR(AttendAll(layer, first_only));
      if (first_only) KeepFirstTokens();
      RETURN_IF_ERROR(Finish(layer));
    }
    return Pool();
  }

 private:
  void MakeRoom() {
    const size_t hidden = config_.hidden;
    const size_t rows = RoundedRows(rows_);
    const size_t slice = RoundedRows(std::min(rows_, kProductRows));
    const auto reserve = [](auto& buffer, size_t size) {
      if (buffer.size() < size) buffer.resize(size);
    };
    reserve(scratch_.states, rows * hidden);
    reserve(scratch_.context, rows * hidden);
    reserve(scratch_.wide, config_.intermediate);
    reserve(scratch_.product,
            std::max(rows * 3 * hidden, slice * std::max(config_.intermediate, hidden)));
    reserve(scratch_.activations, std::max(rows * hidden, slice * config_.intermediate) *
                                      ActivationBytes(encoder_.precision_));
    reserve(scratch_.scales, rows);
  }

  float* state(size_t row) { return scratch_.states.data() + row * config_.hidden; }

  void Embed() {
    const EncoderWeights& weights = *encoder_.weights_;
    const size_t hidden = config_.hidden;
    size_t row = 0;
    for (const TokenSequence& sequence : sequences_) {
      for (size_t i = 0; i < sequence.tokens.size(); ++i, ++row) {
        float* to = state(row);
        float* position = scratch_.context.data();
        ReadFloats(weights.words, static_cast<size_t>(sequence.tokens[i]) * hidden, hidden, to);
        ReadFloats(weights.positions, (config_.first_position + i) * hidden, hidden, position);
        const float* type = encoder_.types_.data() + sequence.types[i] * hidden;
        for (size_t c = 0; c < hidden; ++c) to[c] += type[c] + position[c];
        kernels_.norm(Norm(weights.norm), hidden, to);
      }
    }
  }

  NormRow Norm(const NormWeights& weights) const {
    return {
        .scale = weights.scale.data(), .shift = weights.shift.data(), .epsilon = config_.epsilon};
  }

  // Makes row `row` of the activations.
  void Activate(const float* from, size_t columns, size_t row) {
    char* to = scratch_.activations.data() + row * columns * ActivationBytes(encoder_.precision_);
    switch (encoder_.precision_) {
      case Precision::kF32:
        std::copy_n(from, columns, reinterpret_cast<float*>(to));
        break;
      case Precision::kBf16:
        kernels_.to_bf16(from, columns, reinterpret_cast<uint16_t*>(to));
        break;
      case Precision::kInt8:
        scratch_.scales[row] = kernels_.to_bytes(from, columns, reinterpret_cast<uint8_t*>(to));
        break;
    }
  }

  // Multiplies the first `rows` rows of the activations.
  absl::Status Multiply(const Linear& linear, size_t rows) {
    return linear.matrix.Multiply(scratch_.activations.data(), rows, scratch_.product.data(),
                                  scratch_.matrix);
  }

  // Row of the last product.
  ProductRow Product(const Linear& linear, size_t row) const {
    const float* values = scratch_.product.data() + row * linear.bias.size();
    ProductRow product = {.bias = linear.bias.data(), .row = {}};
    if (encoder_.precision_ == Precision::kInt8) {
      product.integers = reinterpret_cast<const int32_t*>(values);
      product.scales = linear.matrix.scales().data();
      product.sums = linear.matrix.sums().data();
      product.row = scratch_.scales[row];
    } else {
      product.floats = values;
    }
    return product;
  }

  // Leaves the heads' contexts, of the first token of each sequence or of all.
  absl::Status AttendAll(const Layer& layer, bool first_only) {
    const size_t hidden = config_.hidden;
    for (size_t row = 0; row < rows_; ++row) Activate(state(row), hidden, row);
    RETURN_IF_ERROR(Multiply(layer.query_key_value, rows_));
    for (size_t row = 0; row < rows_; ++row) {
      kernels_.add_bias(Product(layer.query_key_value, row), 3 * hidden,
                        scratch_.product.data() + row * 3 * hidden);
    }
    const size_t size = config_.head_size();
    size_t from = 0;
    size_t to = 0;
    for (const TokenSequence& sequence : sequences_) {
      const float* rows = scratch_.product.data() + from * 3 * hidden;
      const size_t tokens = sequence.tokens.size();
      const size_t queries = first_only ? 1 : tokens;
      for (size_t head = 0; head < config_.heads; ++head) {
        Attend({.query = rows + head * size,
                .key = rows + hidden + head * size,
                .value = rows + 2 * hidden + head * size,
                .stride = 3 * hidden,
                .tokens = tokens,
                .queries = queries,
                .size = size,
                .scale = 1.0F / std::sqrt(static_cast<float>(size))},
               scratch_.attention, scratch_.context.data() + to * hidden + head * size, hidden);
      }
      from += tokens;
      to += queries;
    }
    return absl::OkStatus();
  }

  void ActivateWide(const ProductRow& product) {
    const bool is_rounded = encoder_.precision_ != Precision::kF32;
    if (is_rounded && config_.activation == Activation::kGelu) {
      kernels_.add_bias_gelu_roughly(product, config_.intermediate, scratch_.wide.data());
    } else {
      kernels_.add_bias_activate(product, config_.activation, config_.intermediate,
                                 scratch_.wide.data());
    }
  }

  void KeepFirstTokens() {
    size_t from = 0;
    size_t to = 0;
    for (const TokenSequence& sequence : sequences_) {
      std::copy_n(state(from), config_.hidden, state(to++));
      from += sequence.tokens.size();
    }
    rows_ = to;
  }

  // From the contexts to the states behind the layer, a slice of rows at a time.
  absl::Status Finish(const Layer& layer) {
    const size_t hidden = config_.hidden;
    for (size_t first = 0; first < rows_; first += kProductRows) {
      const size_t rows = std::min(rows_ - first, kProductRows);
      for (size_t row = 0; row < rows; ++row)
        Activate(scratch_.context.data() + (first + row) * hidden, hidden, row);
      RETURN_IF_ERROR(Multiply(layer.attention_output, rows));
      for (size_t row = 0; row < rows; ++row) {
        kernels_.add_residual_norm(Product(layer.attention_output, row), Norm(layer.attention_norm),
                                   hidden, state(first + row));
        Activate(state(first + row), hidden, row);
      }
      RETURN_IF_ERROR(Multiply(layer.intermediate, rows));
      for (size_t row = 0; row < rows; ++row) {
        ActivateWide(Product(layer.intermediate, row));
        Activate(scratch_.wide.data(), config_.intermediate, row);
      }
      RETURN_IF_ERROR(Multiply(layer.output, rows));
      for (size_t row = 0; row < rows; ++row) {
        kernels_.add_residual_norm(Product(layer.output, row), Norm(layer.output_norm), hidden,
                                   state(first + row));
      }
    }
    return absl::OkStatus();
  }

  std::vector<float> Pool() {
    const size_t hidden = config_.hidden;
    std::vector<float> pooled(sequences_.size() * hidden);
    size_t from = 0;
    for (size_t i = 0; i < sequences_.size(); ++i) {
      float* to = pooled.data() + i * hidden;
      const size_t count = encoder_.pooling_ == Pooling::kCls ? 1 : sequences_[i].tokens.size();
      for (size_t row = from; row < from + count; ++row) {
        for (size_t c = 0; c < hidden; ++c) to[c] += state(row)[c];
      }
      for (size_t c = 0; c < hidden; ++c) to[c] /= static_cast<float>(count);
      from += count;
    }
    return pooled;
  }

  const Encoder& encoder_;
  const EncoderConfig& config_;
  std::span<const TokenSequence> sequences_;
  EncoderScratch& scratch_;
  const RowKernels& kernels_;
  size_t rows_ = 0;  // of the states
};

absl::StatusOr<std::unique_ptr<const Encoder>> Encoder::Create(const EncoderConfig& config,
                                                               const EncoderWeights& weights,
                                                               Pooling pooling,
                                                               Precision precision) {
  RETURN_IF_ERROR(CheckShape(config));
  auto encoder = std::unique_ptr<Encoder>(new Encoder);
  encoder->config_ = config;
  encoder->weights_ = &weights;
  encoder->pooling_ = pooling;
  encoder->precision_ = precision;
  encoder->types_ = ReadFloats(weights.types);
  Packer packer(precision);
  for (size_t i = 0; i < weights.layers.size(); ++i) {
    ASSIGN_OR_RETURN_IN(Layer layer, packer.Pack(weights.layers[i]), Cat("layer ", i));
    encoder->layers_.push_back(std::move(layer));
  }
  return std::unique_ptr<const Encoder>(std::move(encoder));
}

size_t Encoder::packed_bytes() const {
  size_t bytes = 0;
  for (const Layer& layer : layers_) {
    for (const Linear* linear :
         {&layer.query_key_value, &layer.attention_output, &layer.intermediate, &layer.output}) {
      bytes += linear->matrix.bytes() + linear->bias.size() * sizeof(float);
    }
  }
  return bytes;
}

absl::StatusOr<std::vector<float>> Encoder::Encode(std::span<const TokenSequence> sequences,
                                                   EncoderScratch& scratch) const {
  return Run(*this, sequences, scratch).Encode();
}

}  // namespace policykb
