console.log("in");
