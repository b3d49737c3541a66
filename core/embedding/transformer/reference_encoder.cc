#include "core/embedding/transformer/reference_encoder.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace policykb {

namespace {

using Rows = std::vector<float>;  // rows*columns, row-major

Rows Multiply(const Rows& input, size_t rows, const LinearWeights& linear) {
  const std::vector<float> weight = ReadFloats(linear.weight);
  Rows output(rows * linear.outputs);
  for (size_t row = 0; row < rows; ++row) {
    for (size_t out = 0; out < linear.outputs; ++out) {
      double sum = static_cast<double>(linear.bias[out]);
      for (size_t in = 0; in < linear.inputs; ++in) {
        sum += static_cast<double>(input[row * linear.inputs + in]) *
               static_cast<double>(weight[out * linear.inputs + in]);
      }
      output[row * linear.outputs + out] = static_cast<float>(sum);
    }
  }
  return output;
}

// Ba et al. 2016, eq. 4.
void Normalize(Rows& rows, size_t columns, const NormWeights& norm, float epsilon) {
  for (size_t first = 0; first < rows.size(); first += columns) {
    float* row = rows.data() + first;
    double mean = 0;
    for (size_t i = 0; i < columns; ++i) mean += static_cast<double>(row[i]);
    mean /= static_cast<double>(columns);
    double variance = 0;
    for (size_t i = 0; i < columns; ++i) {
      const double difference = static_cast<double>(row[i]) - mean;
      variance += difference * difference;
    }
    variance /= static_cast<double>(columns);
    const double inverse = 1 / std::sqrt(variance + static_cast<double>(epsilon));
    for (size_t i = 0; i < columns; ++i) {
      row[i] = static_cast<float>((static_cast<double>(row[i]) - mean) * inverse) * norm.scale[i] +
               norm.shift[i];
    }
  }
}

void Add(Rows& to, const Rows& from) {
  for (size_t i = 0; i < to.size(); ++i) to[i] += from[i];
}

// Vaswani et al. 2017, eq. 1, for every head.
Rows Attend(const EncoderConfig& config, const Rows& query, const Rows& key, const Rows& value,
            size_t tokens) {
  const size_t size = config.head_size();
  const double scale = 1 / std::sqrt(static_cast<double>(size));
  Rows context(tokens * config.hidden);
  std::vector<double> weights(tokens);
  for (size_t head = 0; head < config.heads; ++head) {
    for (size_t from = 0; from < tokens; ++from) {
      const float* q = query.data() + from * config.hidden + head * size;
      double highest = -INFINITY;
      for (size_t to = 0; to < tokens; ++to) {
        const float* k = key.data() + to * config.hidden + head * size;
        double dot = 0;
        for (size_t i = 0; i < size; ++i)
          dot += static_cast<double>(q[i]) * static_cast<double>(k[i]);
        weights[to] = dot * scale;
        highest = std::max(highest, weights[to]);
      }
      double total = 0;
      for (double& weight : weights) total += weight = std::exp(weight - highest);
      for (size_t i = 0; i < size; ++i) {
        double sum = 0;
        for (size_t to = 0; to < tokens; ++to)
          sum += weights[to] * static_cast<double>(value[to * config.hidden + head * size + i]);
        context[from * config.hidden + head * size + i] = static_cast<float>(sum / total);
      }
    }
  }
  return context;
}

Rows Embed(const EncoderConfig& config, const EncoderWeights& weights,
           const TokenSequence& sequence) {
  const size_t hidden = config.hidden;
  Rows states(sequence.tokens.size() * hidden);
  std::vector<float> row(hidden);
  for (size_t i = 0; i < sequence.tokens.size(); ++i) {
    float* state = states.data() + i * hidden;
    const auto add = [&](const Tensor& table, size_t place) {
      ReadFloats(table, place * hidden, hidden, row.data());
      for (size_t c = 0; c < hidden; ++c) state[c] += row[c];
    };
    add(weights.words, static_cast<size_t>(sequence.tokens[i]));
    add(weights.types, sequence.types[i]);
    add(weights.positions, config.first_position + i);
  }
  Normalize(states, hidden, weights.norm, config.epsilon);
  return states;
}

}  // namespace

float Activate(Activation activation, float value) {
  const auto x = static_cast<double>(value);
  switch (activation) {
    case Activation::kRelu:
      return std::max(value, 0.0F);
    // Hendrycks and Gimpel 2016: x * Phi(x), and its approximation by tanh.
    case Activation::kGelu:
      return static_cast<float>(0.5 * x * (1 + std::erf(x / std::numbers::sqrt2)));
    case Activation::kGeluTanh:
      return static_cast<float>(
          0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x))));
  }
  return value;
}

std::vector<float> ReferenceStates(const EncoderConfig& config, const EncoderWeights& weights,
                                   const TokenSequence& sequence) {
  const size_t tokens = sequence.tokens.size();
  Rows states = Embed(config, weights, sequence);
  for (const LayerWeights& layer : weights.layers) {
    const Rows context =
        Attend(config, Multiply(states, tokens, layer.query), Multiply(states, tokens, layer.key),
               Multiply(states, tokens, layer.value), tokens);
    Add(states, Multiply(context, tokens, layer.attention_output));
    Normalize(states, config.hidden, layer.attention_norm, config.epsilon);
    Rows wide = Multiply(states, tokens, layer.intermediate);
    for (float& value : wide) value = Activate(config.activation, value);
    Add(states, Multiply(wide, tokens, layer.output));
    Normalize(states, config.hidden, layer.output_norm, config.epsilon);
  }
  return states;
}

std::vector<float> PoolStates(std::span<const float> states, size_t hidden, Pooling pooling) {
  const size_t rows = pooling == Pooling::kCls ? 1 : states.size() / hidden;
  std::vector<double> sums(hidden);
  for (size_t row = 0; row < rows; ++row) {
    for (size_t i = 0; i < hidden; ++i) sums[i] += static_cast<double>(states[row * hidden + i]);
  }
  std::vector<float> pooled(hidden);
  for (size_t i = 0; i < hidden; ++i)
    pooled[i] = static_cast<float>(sums[i] / static_cast<double>(rows));
  return pooled;
}

void NormalizeLength(std::span<float> vector) {
  double square = 0;
  for (const float value : vector)
    square += static_cast<double>(value) * static_cast<double>(value);
  if (!(square > 0)) return;
  const double inverse = 1 / std::sqrt(square);
  for (float& value : vector) value = static_cast<float>(static_cast<double>(value) * inverse);
}

float ScoreState(const ScoringWeights& weights, std::span<const float> state) {
  Rows hidden = Multiply(Rows(state.begin(), state.end()), 1, weights.hidden);
  for (float& value : hidden) value = std::tanh(value);
  return Multiply(hidden, 1, weights.output)[0];
}

}  // namespace policykb
