using ServeFlow.Features;
using ServeFlow.Training.Datasets;
using Xunit;

namespace ServeFlow.Training.Tests.Datasets;

public sealed class RealCaptureTests
{
    /// <summary>Rows of one family that the labels of the whole set name, each of which must find its flow.</summary>
    [Theory]
    [InlineData("Aria", 66)]
    [InlineData("Withings", 74)]
    public void Build_DeviceCaptures_EveryRowFindsItsFlow(string family, int rows)
    {
        var root = TestData.Require("iot_device");
        var built = DataSetBuilder.Build(new()
        {
            Path = Path.Combine(root, family),
            Labels = Path.Combine(root, "labels.csv"),
            Schema = FeatureSchema.Parse(FeatureSchema.DefaultSet),
            MinClasses = 1,
        }, null, TestContext.Current.CancellationToken);

        Assert.Equal((rows, rows, 0, 0), (built.Report.MatchedRows, built.Report.LabelledFlows,
            built.Report.RowsWithoutFlow, built.Report.Conflicts));
        Assert.Equal(10_382, built.Report.Rows);
        Assert.Equal(0, built.Report.UnlabelledFlows);
    }
}
