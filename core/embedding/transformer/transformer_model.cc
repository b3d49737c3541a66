#include "core/embedding/transformer/transformer_model.h"

#include <algorithm>
#include <utility>

#include "core/base/files.h"
#include "core/base/mapped_pages.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

// Of the arithmetic; raised when vectors change.
constexpr int64_t kEncoderVersion = 1;

constexpr size_t kLeastTokens = 8;

}  // namespace

absl::StatusOr<std::unique_ptr<const TransformerModel>> TransformerModel::Open(
    const std::string& folder, const TransformerOptions& options, std::optional<Pooling> pooling) {
  auto model = std::unique_ptr<TransformerModel>(new TransformerModel);
  ASSIGN_OR_RETURN(model->config_, ReadModelConfig(folder));
  ModelConfig& config = model->config_;
  if (pooling) config.pooling = *pooling;
  if (options.query_prefix) config.query_prefix = *options.query_prefix;
  if (options.passage_prefix) config.passage_prefix = *options.passage_prefix;
  if (options.most_tokens > 0)
    config.most_tokens = std::min(config.most_tokens, options.most_tokens);
  if (config.most_tokens < kLeastTokens) {
    return absl::InvalidArgumentError(Cat(folder, ": texts of at most ", config.most_tokens,
                                          " tokens, at least ", kLeastTokens, " expected"));
  }
  ASSIGN_OR_RETURN(model->tokenizer_, OpenTokenizer(folder, options.casing));
  RETURN_IF_ERROR(model->CheckTokenizer(folder));
  ASSIGN_OR_RETURN(model->file_, SafetensorsFile::Open(JoinPath(folder, kWeightsFile)));
  ASSIGN_OR_RETURN(model->weights_, FindEncoderWeights(model->file_, config.encoder));
  model->precision_ = options.precision.value_or(FastestExact());
  const Precision runs = IsFast(model->precision_) ? model->precision_ : Precision::kF32;
  ASSIGN_OR_RETURN_IN(model->encoder_,
                      Encoder::Create(config.encoder, model->weights_, config.pooling, runs),
                      model->file_.path());
  RETURN_IF_ERROR(model->ComputeFingerprint(folder, options));
  // What is packed is not read again, and of the tables only the rows of tokens that occur.
  ReleasePages(model->file_.bytes());
  return std::unique_ptr<const TransformerModel>(std::move(model));
}

TokenSequence TransformerModel::Pair(const std::vector<int32_t>& query,
                                     std::string_view passage) const {
  TokenSequence pair = MakePair(*tokenizer_, query, passage, config_.most_tokens);
  if (config_.encoder.types < 2) std::fill(pair.types.begin(), pair.types.end(), 0);
  return pair;
}

absl::Status TransformerModel::CheckTokenizer(const std::string& folder) const {
  const SpecialTokens& special = tokenizer_->special();
  if (special.first < 0 || special.separator < 0) {
    return absl::FailedPreconditionError(
        Cat(folder, ": the tokenizer has no [CLS] and [SEP] or <s> and </s>"));
  }
  if (static_cast<size_t>(tokenizer_->vocabulary()) > config_.encoder.vocabulary) {
    return absl::FailedPreconditionError(Cat(folder, ": the tokenizer has ",
                                             tokenizer_->vocabulary(), " tokens, the model ",
                                             config_.encoder.vocabulary));
  }
  return absl::OkStatus();
}

absl::Status TransformerModel::ComputeFingerprint(const std::string& folder,
                                                  const TransformerOptions& options) {
  Digest digest;
  digest.Add("transformer");
  digest.Add(kEncoderVersion);
  digest.Add(file_.bytes());
  ASSIGN_OR_RETURN(const std::string config, ReadFile(JoinPath(folder, kModelConfigFile)));
  digest.Add(config);
  for (const std::string& name : TokenizerFiles(folder)) {
    ASSIGN_OR_RETURN(const std::string bytes, ReadFile(JoinPath(folder, name)));
    digest.Add(bytes);
  }
  digest.Add(static_cast<int64_t>(options.casing));
  digest.Add(NameOf(config_.pooling));
  digest.Add(static_cast<int64_t>(config_.most_tokens));
  digest.Add(config_.query_prefix);
  digest.Add(config_.passage_prefix);
  digest.Add(NameOf(precision_));
  fingerprint_ = digest.Hex();
  return absl::OkStatus();
}

std::vector<std::string> TransformerFiles(const std::string& folder) {
  std::vector<std::string> names = TokenizerFiles(folder);
  names.emplace_back(kModelConfigFile);
  names.emplace_back(kWeightsFile);
  return names;
}

}  // namespace policykb
