#include "core/embedding/transformer/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/base/one_line.h"
#include "core/base/status_macros.h"
#include "core/base/strings.h"

namespace policykb {

namespace {

using nlohmann::json;

// The limit of the format's own reader.
constexpr uint64_t kMostHeaderBytes = 100'000'000;
constexpr size_t kLengthBytes = 8;
constexpr size_t kMostDimensions = 8;

struct TypeName {
  TensorType type;
  std::string_view name;
  size_t bytes;
};

constexpr TypeName kTypes[] = {
    {TensorType::kF64, "F64", 8},   {TensorType::kF32, "F32", 4}, {TensorType::kF16, "F16", 2},
    {TensorType::kBf16, "BF16", 2}, {TensorType::kI64, "I64", 8}, {TensorType::kI32, "I32", 4},
    {TensorType::kI8, "I8", 1},     {TensorType::kU8, "U8", 1},
};

const TypeName& EntryOf(TensorType type) {
  return *std::find_if(std::begin(kTypes), std::end(kTypes),
                       [type](const TypeName& entry) { return entry.type == type; });
}

// The product, or nothing where it does not fit.
std::optional<size_t> Product(size_t a, size_t b) {
  if (b != 0 && a > std::numeric_limits<size_t>::max() / b) return std::nullopt;
  return a * b;
}

std::optional<size_t> ElementsOf(const std::vector<size_t>& shape) {
  std::optional<size_t> product = 1;
  for (const size_t size : shape) {
    product = Product(*product, size);
    if (!product) return std::nullopt;
  }
  return product;
}

std::string ShapeName(const std::vector<size_t>& shape) {
  std::vector<std::string> sizes;
  for (const size_t size : shape) sizes.push_back(Cat(size));
  return Cat("[", Join(sizes, ", "), "]");
}

// Where a tensor lies in the part after the header.
struct Place {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::string_view name;
};

struct Described {
  Tensor tensor;
  Place place;
};

absl::StatusOr<std::vector<size_t>> ReadShape(const json& entry) {
  const auto found = entry.find("shape");
  if (found == entry.end() || !found->is_array() || found->size() > kMostDimensions) {
    return absl::DataLossError(Cat("no shape of at most ", kMostDimensions, " dimensions"));
  }
  std::vector<size_t> shape;
  for (const json& size : *found) {
    if (!size.is_number_unsigned()) return absl::DataLossError("shape is not made of counts");
    shape.push_back(size.get<size_t>());
  }
  return shape;
}

absl::StatusOr<Described> ReadEntry(const json& entry, size_t data_bytes) {
  if (!entry.is_object()) return absl::DataLossError("not an object");
  Described described;
  const auto type = entry.find("dtype");
  if (type == entry.end() || !type->is_string()) return absl::DataLossError("no dtype");
  const std::string& type_name = type->get_ref<const std::string&>();
  const auto* known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [&](const TypeName& each) { return each.name == type_name; });
  if (known == std::end(kTypes)) {
    return absl::DataLossError(
        Cat("dtype ", OneLine(type_name), ", readable F64, F32, F16, BF16, I64, I32, I8, U8"));
  }
  described.tensor.type = known->type;
  ASSIGN_OR_RETURN(described.tensor.shape, ReadShape(entry));
  const auto offsets = entry.find("data_offsets");
  if (offsets == entry.end() || !offsets->is_array() || offsets->size() != 2 ||
      !(*offsets)[0].is_number_unsigned() || !(*offsets)[1].is_number_unsigned()) {
    return absl::DataLossError("no data_offsets of two counts");
  }
  described.place.begin = (*offsets)[0].get<uint64_t>();
  described.place.end = (*offsets)[1].get<uint64_t>();
  if (described.place.begin > described.place.end || described.place.end > data_bytes) {
    return absl::DataLossError(Cat("bytes ", described.place.begin, " to ", described.place.end,
                                   " of ", data_bytes, " in the file"));
  }
  const std::optional<size_t> elements = ElementsOf(described.tensor.shape);
  const std::optional<size_t> bytes = elements ? Product(*elements, known->bytes) : std::nullopt;
  if (bytes != described.place.end - described.place.begin) {
    return absl::DataLossError(Cat(described.tensor.Describe(), " in ",
                                   described.place.end - described.place.begin, " bytes"));
  }
  return described;
}

// The places cover the data without gap and overlap, as the format demands.
absl::Status CheckCover(std::vector<Place> places, size_t data_bytes) {
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t covered = 0;
  for (const Place& place : places) {
    if (place.begin != covered) {
      return absl::DataLossError(Cat("tensor ", OneLine(place.name), ": begins at byte ",
                                     place.begin, ", the one before ends at ", covered));
    }
    covered = place.end;
  }
  if (covered != data_bytes) {
    return absl::DataLossError(
        Cat("tensors end at byte ", covered, " of ", data_bytes, " after the header"));
  }
  return absl::OkStatus();
}

float FromHalf(uint16_t half) {
  const uint32_t sign = static_cast<uint32_t>(half & 0x8000U) << 16;
  const uint32_t exponent = (half >> 10) & 0x1FU;
  const uint32_t mantissa = half & 0x3FFU;
  if (exponent == 0) {
    // Zero or subnormal: mantissa * 2^-24 is exact.
    const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;
    return sign != 0 ? -magnitude : magnitude;
  }
  const uint32_t widened = exponent == 0x1F ? 0xFFU : exponent + 112;
  return std::bit_cast<float>(sign | (widened << 23) | (mantissa << 13));
}

template <typename T>
T Load(const char* from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

template <typename T, typename Convert>
void ReadAs(const char* from, size_t count, float* to, const Convert& convert) {
  for (size_t i = 0; i < count; ++i) to[i] = convert(Load<T>(from + i * sizeof(T)));
}

}  // namespace

std::string_view NameOf(TensorType type) { return EntryOf(type).name; }

size_t Tensor::elements() const { return bytes.size() / EntryOf(type).bytes; }

std::string Tensor::Describe() const { return Cat(NameOf(type), " ", ShapeName(shape)); }

absl::StatusOr<TensorMap> ParseSafetensors(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) {
    return absl::DataLossError(Cat("file of ", bytes.size(), " bytes, a header needs more"));
  }
  const auto header_bytes = Load<uint64_t>(bytes.data());
  if (header_bytes > kMostHeaderBytes || header_bytes > bytes.size() - kLengthBytes) {
    return absl::DataLossError(Cat("header of ", header_bytes, " bytes in a file of ", bytes.size(),
                                   ", at most ", kMostHeaderBytes));
  }
  const std::string_view header = bytes.substr(kLengthBytes, header_bytes);
  const std::string_view data = bytes.substr(kLengthBytes + header_bytes);
  const json parsed = json::parse(header, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object()) return absl::DataLossError("header is not a JSON object");
  TensorMap tensors;
  std::vector<Place> places;
  for (const auto& [name, entry] : parsed.items()) {
    if (name == "__metadata__") continue;
    ASSIGN_OR_RETURN_IN(Described described, ReadEntry(entry, data.size()),
                        Cat("tensor ", OneLine(name)));
    const Place& place = described.place;
    described.tensor.bytes = data.substr(place.begin, place.end - place.begin);
    const auto added = tensors.emplace(name, std::move(described.tensor)).first;
    places.push_back({.begin = place.begin, .end = place.end, .name = added->first});
  }
  RETURN_IF_ERROR(CheckCover(std::move(places), data.size()));
  return tensors;
}

void ReadFloats(const Tensor& tensor, size_t first, size_t count, float* to) {
  const char* from = tensor.bytes.data() + first * EntryOf(tensor.type).bytes;
  const auto widen = [](auto value) { return static_cast<float>(value); };
  switch (tensor.type) {
    case TensorType::kF64:
      return ReadAs<double>(from, count, to, widen);
    case TensorType::kF32:
      std::memcpy(to, from, count * sizeof(float));
      return;
    case TensorType::kF16:
      return ReadAs<uint16_t>(from, count, to, FromHalf);
    case TensorType::kBf16:
      return ReadAs<uint16_t>(from, count, to, [](uint16_t upper) {
        return std::bit_cast<float>(static_cast<uint32_t>(upper) << 16);
      });
    case TensorType::kI64:
      return ReadAs<int64_t>(from, count, to, widen);
    case TensorType::kI32:
      return ReadAs<int32_t>(from, count, to, widen);
    case TensorType::kI8:
      return ReadAs<int8_t>(from, count, to, widen);
    case TensorType::kU8:
      return ReadAs<uint8_t>(from, count, to, widen);
  }
}

std::vector<float> ReadFloats(const Tensor& tensor) {
  std::vector<float> values(tensor.elements());
  ReadFloats(tensor, 0, values.size(), values.data());
  return values;
}

absl::StatusOr<SafetensorsFile> SafetensorsFile::Open(const std::string& path) {
  SafetensorsFile opened;
  opened.path_ = path;
  ASSIGN_OR_RETURN(opened.file_, MappedFile::Open(path));
  ASSIGN_OR_RETURN_IN(opened.tensors_, ParseSafetensors(opened.file_.bytes()), path);
  return opened;
}

absl::StatusOr<Tensor> SafetensorsFile::Find(std::string_view name,
                                             const std::vector<size_t>& shape) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    return absl::NotFoundError(
        Cat(path_, ": tensor ", name, " missing, ", ShapeName(shape), " expected; the file has ",
            tensors_.size(), " tensors",
            tensors_.empty() ? "" : Cat(", first ", OneLine(tensors_.begin()->first))));
  }
  if (found->second.shape != shape) {
    return absl::DataLossError(Cat(path_, ": tensor ", name, ": ", found->second.Describe(), ", ",
                                   ShapeName(shape), " expected"));
  }
  return found->second;
}

}  // namespace policykb
