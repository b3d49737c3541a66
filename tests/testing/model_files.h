// Small models with random weights, as files: what a published model's folder looks like.
//
// For tests of everything that opens one. Same description: same bytes. Any thread.

#ifndef POLICYKB_TESTS_TESTING_MODEL_FILES_H_
#define POLICYKB_TESTS_TESTING_MODEL_FILES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/embedding/transformer/model_config.h"

namespace policykb {

// An F32 tensor.
struct TensorContent {
  std::vector<size_t> shape;
  std::vector<float> values;  // as many as the shape says
};

// The bytes of a safetensors file.
std::string EncodeSafetensors(const std::map<std::string, TensorContent>& tensors);

struct RandomModel {
  ModelFamily family = ModelFamily::kBert;
  size_t hidden = 64;
  size_t layers = 2;
  size_t heads = 4;
  size_t intermediate = 128;
  size_t positions = 66;
  std::string activation = "gelu";
  Pooling pooling = Pooling::kCls;
  bool has_scoring_head = false;
  uint32_t seed = 1;
};

// The words of a random model's vocab.txt behind [PAD], [UNK], [CLS], [SEP]: some Han characters,
// and a to z as beginnings and continuations of words.
const std::vector<std::string>& RandomModelVocabulary();

// All tensors of the model, by their published names.
std::map<std::string, TensorContent> RandomTensors(const RandomModel& model);
// config.json.
std::string RandomModelConfig(const RandomModel& model);
// Writes config.json, modules.json, 1_Pooling/config.json, vocab.txt and model.safetensors. A
// family of XLM-R has BERT's vocabulary here.
void WriteRandomModel(const RandomModel& model, const std::string& folder);

}  // namespace policykb

#endif  // POLICYKB_TESTS_TESTING_MODEL_FILES_H_
