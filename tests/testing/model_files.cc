#include "tests/testing/model_files.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "core/base/files.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

std::string ShapeText(const std::vector<size_t>& shape) {
  std::vector<std::string> sizes;
  for (const size_t size : shape) sizes.push_back(Cat(size));
  return Cat("[", Join(sizes, ","), "]");
}

class TensorMaker {
 public:
  explicit TensorMaker(uint32_t seed) : random_(seed) {}

  void Matrix(const std::string& name, size_t rows, size_t columns, float spread) {
    Fill(name, {rows, columns}, 0, spread);
  }
  void Linear(const std::string& name, size_t outputs, size_t inputs) {
    // Keeps values of about the size that they come with.
    Fill(name + ".weight", {outputs, inputs}, 0, 1.5F / std::sqrt(static_cast<float>(inputs)));
    Fill(name + ".bias", {outputs}, 0, 0.1F);
  }
  void Norm(const std::string& name, size_t size) {
    Fill(name + ".weight", {size}, 1, 0.2F);
    Fill(name + ".bias", {size}, 0, 0.1F);
  }
  std::map<std::string, TensorContent> Take() { return std::move(tensors_); }

 private:
  // Sums of uniform numbers: the same on every library, unlike std::normal_distribution.
  void Fill(const std::string& name, std::vector<size_t> shape, float center, float spread) {
    TensorContent content = {.shape = std::move(shape), .values = {}};
    size_t count = 1;
    for (const size_t size : content.shape) count *= size;
    for (size_t i = 0; i < count; ++i) {
      float sum = 0;
      for (int part = 0; part < 3; ++part) sum += static_cast<float>(random_() % 65536) / 32768 - 1;
      content.values.push_back(center + spread * sum);
    }
    tensors_[name] = std::move(content);
  }

  std::mt19937 random_;
  std::map<std::string, TensorContent> tensors_;
};

}  // namespace

std::string EncodeSafetensors(const std::map<std::string, TensorContent>& tensors) {
  std::string header = "{";
  std::string data;
  for (const auto& [name, tensor] : tensors) {
    const size_t begin = data.size();
    data.append(reinterpret_cast<const char*>(tensor.values.data()), tensor.values.size() * 4);
    header += Cat(header.size() > 1 ? "," : "", "\"", name, R"(":{"dtype":"F32","shape":)",
                  ShapeText(tensor.shape), R"(,"data_offsets":[)", begin, ",", data.size(), "]}");
  }
  header += "}";
  const uint64_t size = header.size();
  std::string bytes(sizeof(size), '\0');
  std::memcpy(bytes.data(), &size, sizeof(size));
  return bytes + header + data;
}

const std::vector<std::string>& RandomModelVocabulary() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> made = {"养", "犬", "登", "记", "费", "水",
                                     "电", "第", "条", "的", "县", "办"};
    for (char c = 'a'; c <= 'z'; ++c) {
      made.emplace_back(1, c);
      made.push_back(Cat("##", c));
    }
    return made;
  }();
  return words;
}

std::map<std::string, TensorContent> RandomTensors(const RandomModel& model) {
  TensorMaker make(model.seed);
  const bool is_bert = model.family == ModelFamily::kBert;
  const std::string prefix = model.has_scoring_head ? (is_bert ? "bert." : "roberta.") : "";
  const size_t hidden = model.hidden;
  make.Matrix(prefix + "embeddings.word_embeddings.weight", RandomModelVocabulary().size() + 4,
              hidden, 0.5F);
  make.Matrix(prefix + "embeddings.position_embeddings.weight", model.positions, hidden, 0.3F);
  make.Matrix(prefix + "embeddings.token_type_embeddings.weight", is_bert ? 2 : 1, hidden, 0.3F);
  make.Norm(prefix + "embeddings.LayerNorm", hidden);
  for (size_t i = 0; i < model.layers; ++i) {
    const std::string layer = Cat(prefix, "encoder.layer.", i, ".");
    for (const char* part : {"query", "key", "value"})
      make.Linear(Cat(layer, "attention.self.", part), hidden, hidden);
    make.Linear(layer + "attention.output.dense", hidden, hidden);
    make.Norm(layer + "attention.output.LayerNorm", hidden);
    make.Linear(layer + "intermediate.dense", model.intermediate, hidden);
    make.Linear(layer + "output.dense", hidden, model.intermediate);
    make.Norm(layer + "output.LayerNorm", hidden);
  }
  if (model.has_scoring_head) {
    make.Linear(is_bert ? "bert.pooler.dense" : "classifier.dense", hidden, hidden);
    make.Linear(is_bert ? "classifier" : "classifier.out_proj", 1, hidden);
  }
  return make.Take();
}

std::string RandomModelConfig(const RandomModel& model) {
  const bool is_bert = model.family == ModelFamily::kBert;
  return Cat(R"({"model_type":")", NameOf(model.family), R"(","hidden_size":)", model.hidden,
             R"(,"num_hidden_layers":)", model.layers, R"(,"num_attention_heads":)", model.heads,
             R"(,"intermediate_size":)", model.intermediate, R"(,"max_position_embeddings":)",
             model.positions, R"(,"type_vocab_size":)", is_bert ? 2 : 1, R"(,"layer_norm_eps":)",
             is_bert ? "1e-12" : "1e-05", R"(,"vocab_size":)", RandomModelVocabulary().size() + 4,
             R"(,"hidden_act":")", model.activation, R"("})");
}

void WriteRandomModel(const RandomModel& model, const std::string& folder) {
  ASSERT_TRUE(MakeFolders(JoinPath(folder, "1_Pooling")).ok());
  const auto write = [&](const std::string& name, std::string_view content) {
    ASSERT_TRUE(WriteFileAtomically(JoinPath(folder, name), content).ok());
  };
  write("config.json", RandomModelConfig(model));
  write(
      "modules.json",
      R"([{"path":"","type":"sentence_transformers.models.Transformer"},{"path":"1_Pooling","type":"sentence_transformers.models.Pooling"}])");
  write("1_Pooling/config.json", Cat(R"({"word_embedding_dimension":)", model.hidden,
                                     R"(,"pooling_mode_)", NameOf(model.pooling), R"(_token)",
                                     model.pooling == Pooling::kMean ? "s" : "", R"(":true})"));
  std::string vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n";
  for (const std::string& word : RandomModelVocabulary()) vocabulary += word + "\n";
  write("vocab.txt", vocabulary);
  write("model.safetensors", EncodeSafetensors(RandomTensors(model)));
}

}  // namespace policykb
