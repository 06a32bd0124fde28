[assembly: AssemblyFixture(typeof(Recorder.Storage.Tests.StoreFixture))]
