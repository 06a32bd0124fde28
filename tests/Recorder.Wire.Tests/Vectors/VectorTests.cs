namespace Recorder.Wire.Tests;

/// <summary>
/// Version 1 in bytes. A difference here is a broken promise to agents and stores in the field, not a vector to be made anew: RECORDER_VECTORS=create
/// only adds the ones that are missing.
/// </summary>
public sealed class VectorTests
{
    public VectorTests()
    {
        if (Environment.GetEnvironmentVariable("RECORDER_VECTORS") != "create")
            return;
        foreach (Sample sample in Sample.All())
            Vector.Create(sample);
        Assert.Skip("wrote the missing vectors; build again");
    }

    [Fact]
    public void EverySample_Encoded_IsItsVector()
    {
        Dictionary<string, Vector> vectors = Vector.All().ToDictionary(vector => vector.Name);
        foreach (Sample sample in Sample.All())
            Convert.ToHexStringLower(sample.Encode()).ShouldBe(Convert.ToHexStringLower(vectors[sample.Name].Bytes), sample.Name);
        vectors.Keys.ShouldBe(Sample.All().Select(sample => sample.Name), ignoreOrder: true);
    }

    [Fact]
    public void EveryVector_DecodedAndEncoded_IsByteIdentical()
    {
        foreach (Vector vector in Vector.All())
            Convert.ToHexStringLower(Decoding.Reencode(vector.Kind, vector.Bytes)).ShouldBe(Convert.ToHexStringLower(vector.Bytes), vector.Name);
    }

    [Fact]
    public void EveryVector_AsJson_IsItsDescription()
    {
        foreach (Vector vector in Vector.All())
            MessagePackJson.ReadAll(vector.Bytes).ToJsonString().ShouldBe(vector.Values.ToJsonString(), vector.Name);
    }

    [Fact]
    public void EveryFrameType_HasAVector()
    {
        var types = new HashSet<FrameType>();
        foreach (Vector vector in Vector.All().Where(vector => vector.Kind == "frame"))
        {
            foreach (Frame frame in new FrameReader(vector.Bytes))
                types.Add(frame.Header.Type);
        }

        types.ShouldBe([.. Enum.GetValues<FrameType>().Where(type => type != FrameType.None), (FrameType)200], ignoreOrder: true);
    }
}
