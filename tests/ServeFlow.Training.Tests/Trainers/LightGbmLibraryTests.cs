using System.Runtime.InteropServices;
using ServeFlow.Training.Trainers;
using ServeFlow.Training.Trainers.Native;
using Xunit;

namespace ServeFlow.Training.Tests.Trainers;

public sealed class LightGbmLibraryTests
{
    [Fact]
    public void Check_ProcessorWithoutALibrary_SaysWhatTrainsThere()
    {
        var error = Assert.Throws<InputException>(() => LightGbmLibrary.Check(Architecture.Arm64));

        Assert.Contains("this process runs on Arm64", error.Message);
        Assert.Contains("(dt, rf, et)", error.Message);
        Assert.Equal([Setting.Models], error.Settings);
    }

    [Fact]
    public void Require_WhereTheLibraryIs_LetsEveryKindTrain()
    {
        ITrainer[] trainers = [new DtTrainer(), new RfTrainer(), new EtTrainer(), new LgbmTrainer()];

        Assert.All(trainers, trainer => trainer.Require());
    }
}
