using System.Runtime.InteropServices;

namespace ServeFlow.Training.Trainers.Native;

/// <summary>Provides the part of LightGBM's C interface (include/LightGBM/c_api.h, 4.7.0) that is used. Every function
/// returns 0, or −1 where <see cref="GetLastError"/> says why.</summary>
static partial class LightGbmNative
{
    const string Library = "lib_lightgbm";

    public const int Float32 = 0;
    public const int PredictNormal = 0;

    [LibraryImport(Library, EntryPoint = "LGBM_GetLastError")]
    public static partial nint GetLastError();

    [LibraryImport(Library, EntryPoint = "LGBM_RegisterLogCallback")]
    public static partial int RegisterLogCallback(nint callback);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateFromSampledColumn",
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetCreateFromSampledColumn(nint[] sampleData, nint[] sampleIndices, int columns,
        int[] samplesPerColumn, int sampledRows, int localRows, long totalRows, string parameters, out nint dataSet);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetCreateByReference")]
    public static partial int DatasetCreateByReference(nint reference, long totalRows, out nint dataSet);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetPushRows")]
    public static partial int DatasetPushRows(nint dataSet, ReadOnlySpan<float> data, int dataType, int rows,
        int columns, int startRow);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetField", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetSetField(nint dataSet, string field, ReadOnlySpan<float> data, int count,
        int dataType);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetSetFeatureNames", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DatasetSetFeatureNames(nint dataSet, string[] names, int count);

    [LibraryImport(Library, EntryPoint = "LGBM_DatasetFree")]
    public static partial int DatasetFree(nint dataSet);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterCreate", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterCreate(nint trainData, string parameters, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterAddValidData")]
    public static partial int BoosterAddValidData(nint booster, nint dataSet);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterUpdateOneIter")]
    public static partial int BoosterUpdateOneIter(nint booster, out int finished);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterGetEval")]
    public static partial int BoosterGetEval(nint booster, int dataIndex, out int count, Span<double> results);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterSaveModelToString")]
    public static partial int BoosterSaveModelToString(nint booster, int startIteration, int iterations,
        int importanceType, long bufferLength, out long length, Span<byte> text);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterLoadModelFromString", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterLoadModelFromString(string text, out int iterations, out nint booster);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterGetNumFeature")]
    public static partial int BoosterGetNumFeature(nint booster, out int columns);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterNumModelPerIteration")]
    public static partial int BoosterNumModelPerIteration(nint booster, out int trees);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMat", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterPredictForMat(nint booster, ReadOnlySpan<float> data, int dataType, int rows,
        int columns, int rowMajor, int predictType, int startIteration, int iterations, string parameters,
        out long length, Span<double> results);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMatSingleRowFastInit",
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BoosterPredictForMatSingleRowFastInit(nint booster, int predictType, int startIteration,
        int iterations, int dataType, int columns, string parameters, out nint call);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterPredictForMatSingleRowFast")]
    public static partial int BoosterPredictForMatSingleRowFast(nint call, ReadOnlySpan<float> row, out long length,
        Span<double> results);

    [LibraryImport(Library, EntryPoint = "LGBM_FastConfigFree")]
    public static partial int FastConfigFree(nint call);

    [LibraryImport(Library, EntryPoint = "LGBM_BoosterFree")]
    public static partial int BoosterFree(nint booster);
}
