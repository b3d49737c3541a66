// The encoder as its papers write it down: one sequence, one number after the other, in f32 with
// sums in double.
//
// What the fast encoder (encoder.h) is held against, and what computes where a model's shape fits
// no fast kernel. Far too slow for corpora. Pure functions, any thread.

#ifndef POLICYKB_CORE_EMBEDDING_TRANSFORMER_REFERENCE_ENCODER_H_
#define POLICYKB_CORE_EMBEDDING_TRANSFORMER_REFERENCE_ENCODER_H_

#include <span>
#include <vector>

#include "core/embedding/tokenizer/tokenizer.h"
#include "core/embedding/transformer/encoder_weights.h"
#include "core/embedding/transformer/model_config.h"

namespace policykb {

// States of the last layer, tokens*hidden, row-major (Vaswani et al. 2017; Devlin et al. 2018:
// post- norm, learned positions). REQUIRES: 1 <= tokens <= config.most_tokens(), ids below
// config.vocabulary, types below config.types.
std::vector<float> ReferenceStates(const EncoderConfig& config, const EncoderWeights& weights,
                                   const TokenSequence& sequence);

// One vector of `hidden` components of the states: the first row or the mean of all.
std::vector<float> PoolStates(std::span<const float> states, size_t hidden, Pooling pooling);

// Scales to unit length; all zero stays so.
void NormalizeLength(std::span<float> vector);

// The activation of one value.
float Activate(Activation activation, float value);

// output(tanh(hidden(state))) of a cross-encoder's first state.
float ScoreState(const ScoringWeights& weights, std::span<const float> state);

}  // namespace policykb

#endif  // POLICYKB_CORE_EMBEDDING_TRANSFORMER_REFERENCE_ENCODER_H_
