import { adoptedSageMakerSettings, sageMakerSettings } from "../../components/sagemaker/schema";
import { serviceSchema } from "./service";

/** Amazon SageMaker Studio. */
export const sagemaker = serviceSchema(
    {
        ...sageMakerSettings,
        /** @default made from the names of the project and the stack */
        domainName: sageMakerSettings.domainName.optional(),
        /** @default "Retain" with `protectData`, "Delete" without: a file system that is kept keeps the network */
        homeRetention: sageMakerSettings.homeRetention.unwrap().optional(),
    },
    (adopt) => adopt(adoptedSageMakerSettings),
);
